// SQL of predictions, one function a question. Short reads on this thread, the ones that look at many rows in the reader.
import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../storage/database.ts";
import type { PredictionTable, Tables } from "../storage/tables.ts";
import type { RecordedCall } from "./input-columns.ts";
import type { Position } from "./page-token.ts";
import { inOrder, longReads, mostAtOnce, type RangeOf, within } from "./prediction-range.ts";
import type { ListedPrediction, StoredPrediction } from "./prediction-rows.ts";
import type { NewSource } from "./transactions.ts";

export interface SourceFilter {
  readonly project: string;
  readonly modelCrn?: string | undefined;
  readonly buildCrn?: string | undefined;
  readonly deploymentCrn?: string | undefined;
}

export interface PageOf extends RangeOf {
  readonly after: Position | undefined;
  readonly limit: number;
}

/** The latest ones of a range, as a table shows them. */
export interface ListOf extends RangeOf {
  readonly status?: "ok" | "failed" | undefined;
  /** Hex digits and dashes a uuid begins with. */
  readonly uuidPrefix?: string | undefined;
  /** The last row of the page before. */
  readonly before: Position | undefined;
  readonly limit: number;
}

export interface PredictionStore {
  findOrInsertSource(source: NewSource): Promise<number>;
  insertPrediction(row: PredictionTable): Promise<void>;
  findSources(filter: SourceFilter): Promise<number[]>;
  findPrediction(project: string, uuid: string): Promise<StoredPrediction | undefined>;
  /** In order of start, then uuid. */
  readPage(page: PageOf): Promise<StoredPrediction[]>;
  /** Latest first. */
  listLatest(list: ListOf): Promise<ListedPrediction[]>;
  /** A choice of the calls that were answered, by the chance in their uuids: the same calls give the same choice. */
  sampleAnswered(range: RangeOf, limit: number): Promise<RecordedCall[]>;
}

const uuidLength = 36;
/** Above this a page is read in the reader thread. */
const shortPage = 200;

export function createPredictionStore(database: Database): PredictionStore {
  const { query } = database;
  const readAll = longReads(database);

  return {
    findOrInsertSource: (source) => database.transact("find-or-insert-source", source),
    insertPrediction: (row) => database.transact("record-prediction", row),

    async findSources({ project, modelCrn, buildCrn, deploymentCrn }) {
      let sources = query.selectFrom("prediction_source").select("id").where("project", "=", project);
      if (modelCrn !== undefined) sources = sources.where("model_crn", "=", modelCrn);
      if (buildCrn !== undefined) sources = sources.where("build_crn", "=", buildCrn);
      if (deploymentCrn !== undefined) sources = sources.where("deployment_crn", "=", deploymentCrn);
      return (await sources.orderBy("id").execute()).map(({ id }) => id);
    },

    findPrediction: (project, uuid) =>
      wholeRows(query).where("prediction.uuid", "=", uuid).where("prediction.project", "=", project).executeTakeFirst(),

    async readPage(page) {
      const keys = pageKeys(query, page);
      const short = page.limit <= shortPage;
      const uuids = (short ? await keys.execute() : await readAll(keys.compile())).map(({ uuid }) => uuid);
      const rows: StoredPrediction[] = [];
      for (let at = 0; at < uuids.length; at += mostAtOnce) {
        const chunk = wholeRows(query)
          .where("prediction.uuid", "in", uuids.slice(at, at + mostAtOnce))
          .orderBy("prediction.started_at")
          .orderBy("prediction.uuid");
        rows.push(...(short ? await chunk.execute() : await readAll(chunk.compile())));
      }
      return rows;
    },

    async listLatest(list) {
      const keys = latestKeys(query, list);
      const looksFar = list.status !== undefined || list.uuidPrefix !== undefined;
      const uuids = (looksFar ? await readAll(keys.compile()) : await keys.execute()).map(({ uuid }) => uuid);
      const rows: ListedPrediction[] = [];
      for (let at = 0; at < uuids.length; at += mostAtOnce) {
        const chunk = listedRows(query).where("prediction.uuid", "in", uuids.slice(at, at + mostAtOnce));
        rows.push(
          ...(await chunk.orderBy("prediction.started_at", "desc").orderBy("prediction.uuid", "desc").execute()),
        );
      }
      return rows;
    },

    async sampleAnswered(range, limit) {
      const keys = within(query.selectFrom("prediction").select("uuid"), range)
        .where("status", "<", 400)
        .orderBy(sql`substr(uuid, 25)`)
        .orderBy("uuid")
        .limit(limit);
      const uuids = (await readAll(keys.compile())).map(({ uuid }) => uuid);
      const calls: RecordedCall[] = [];
      for (let at = 0; at < uuids.length; at += mostAtOnce) {
        const some = query.selectFrom("prediction").select(["request", "metrics"]);
        calls.push(...(await readAll(some.where("uuid", "in", uuids.slice(at, at + mostAtOnce)).compile())));
      }
      return calls;
    },
  };
}

function wholeRows(query: Kysely<Tables>) {
  return query
    .selectFrom("prediction")
    .innerJoin("prediction_source as source", "source.id", "prediction.source_id")
    .leftJoin("delayed_metrics as later", "later.uuid", "prediction.uuid")
    .select([
      "prediction.uuid",
      "prediction.started_at",
      "prediction.ended_at",
      "prediction.status",
      "prediction.error_code",
      "prediction.error_message",
      "prediction.error_place",
      "prediction.request",
      "prediction.response",
      "prediction.metrics",
      "prediction.created_by",
      "source.model_crn",
      "source.build_crn",
      "source.deployment_crn",
      "later.metrics as later_metrics",
    ]);
}

/** What a row of a table shows: no request, no response. */
function listedRows(query: Kysely<Tables>) {
  return query
    .selectFrom("prediction")
    .innerJoin("prediction_source as source", "source.id", "prediction.source_id")
    .leftJoin("delayed_metrics as later", "later.uuid", "prediction.uuid")
    .select([
      "prediction.uuid",
      "prediction.started_at",
      "prediction.duration_ms",
      "prediction.status",
      "prediction.probability",
      "prediction.error_code",
      "prediction.error_message",
      "prediction.error_place",
      "source.build_crn",
      "source.deployment_crn",
      "later.metrics as later_metrics",
    ]);
}

type Keys = SelectQueryBuilder<Tables, "prediction", { started_at: number; uuid: string }>;

/**
 * The keys of a page. Each source's part of the index is in order already; as arms of a union they are merged, so that a page
 * costs what it holds and not what the sources hold.
 */
function keysOf(query: Kysely<Tables>, range: RangeOf, narrow: (keys: Keys) => Keys): Keys {
  const arm = (sources: readonly number[]): Keys =>
    narrow(within(query.selectFrom("prediction").select(["started_at", "uuid"]), { ...range, sources }));
  const [first = -1, ...others] = range.sources;
  if (range.sources.length > mostAtOnce) return arm(range.sources);
  return others.reduce((keys, id) => keys.unionAll(arm([id])), arm([first]));
}

function pageKeys(query: Kysely<Tables>, { after, limit, ...range }: PageOf): Keys {
  const narrow = (keys: Keys): Keys => (after ? keys.where((row) => isAfter(row, after)) : keys);
  return inOrder(keysOf(query, range, narrow)).limit(limit);
}

function latestKeys(query: Kysely<Tables>, { status, uuidPrefix, before, limit, ...range }: ListOf): Keys {
  const narrow = (keys: Keys): Keys => {
    let found = keys;
    if (before) found = found.where((row) => isBefore(row, before));
    if (status !== undefined) found = found.where("status", status === "failed" ? ">=" : "<", 400);
    if (uuidPrefix?.length === uuidLength) return found.where("uuid", "=", uuidPrefix); // the key's own index
    if (uuidPrefix !== undefined) found = found.where("uuid", "like", `${uuidPrefix}%`);
    return found;
  };
  return keysOf(query, range, narrow).orderBy("started_at", "desc").orderBy("uuid", "desc").limit(limit);
}

function isAfter(row: ExpressionBuilder<Tables, "prediction">, { startedAt, uuid }: Position) {
  return row.and([
    row("started_at", ">=", startedAt), // what the index understands
    row.or([row("started_at", ">", startedAt), row("uuid", ">", uuid)]),
  ]);
}

function isBefore(row: ExpressionBuilder<Tables, "prediction">, { startedAt, uuid }: Position) {
  return row.and([
    row("started_at", "<=", startedAt),
    row.or([row("started_at", "<", startedAt), row("uuid", "<", uuid)]),
  ]);
}
