// SQL of predictions, one function a question. Short reads on this thread, the ones that look at many rows in the reader.
import { type CompiledQuery, type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../storage/database.ts";
import type { PredictionTable, Tables } from "../storage/tables.ts";
import type { RecordedCall } from "./input-columns.ts";
import type { Position } from "./page-token.ts";
import type { ListedPrediction, StoredPrediction } from "./prediction-rows.ts";
import type { BucketCount, Buckets, DurationCount, SeriesPoint, TimeSpan } from "./series.ts";
import type { NewSource } from "./transactions.ts";

export interface SourceFilter {
  readonly project: string;
  readonly modelCrn?: string | undefined;
  readonly buildCrn?: string | undefined;
  readonly deploymentCrn?: string | undefined;
}

export interface RangeOf {
  /** At least one. */
  readonly sources: readonly number[];
  readonly start?: number | undefined;
  readonly end?: number | undefined;
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

export interface Extent {
  readonly total: number;
  /** null when there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface PredictionStore {
  findOrInsertSource(source: NewSource): Promise<number>;
  insertPrediction(row: PredictionTable): Promise<void>;
  findSources(filter: SourceFilter): Promise<number[]>;
  findPrediction(project: string, uuid: string): Promise<(StoredPrediction & { source_id: number }) | undefined>;
  /** In order of start, then uuid. */
  readPage(page: PageOf): Promise<StoredPrediction[]>;
  /** Latest first. */
  listLatest(list: ListOf): Promise<ListedPrediction[]>;
  /** A choice of the calls that were answered, by the chance in their uuids: the same calls give the same choice. */
  sampleAnswered(range: RangeOf, limit: number): Promise<RecordedCall[]>;
  readExtent(range: RangeOf): Promise<Extent>;
  readPoints(range: RangeOf): Promise<SeriesPoint[]>;
  /** The least and greatest of each bucket, so that spikes stay; in order of start. */
  pickPoints(range: RangeOf & TimeSpan, buckets: Buckets): Promise<SeriesPoint[]>;
  countPerBucket(range: RangeOf & TimeSpan, buckets: Buckets): Promise<BucketCount[]>;
  countDurations(range: RangeOf): Promise<DurationCount[]>;
}

const uuidLength = 36;
/** Above this a page is read in the reader thread. */
const shortPage = 200;
/** Parameters of one `in (…)`, and arms of one union. */
const mostAtOnce = 400;

export function createPredictionStore(database: Database): PredictionStore {
  const { query } = database;
  const readAll = async <T>(compiled: CompiledQuery<T>): Promise<T[]> => {
    const rows: T[] = [];
    for await (const page of database.readLong(compiled, { pageRows: 2000 })) rows.push(...page);
    return rows;
  };

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
      wholeRows(query)
        .select("prediction.source_id")
        .where("prediction.uuid", "=", uuid)
        .where("prediction.project", "=", project)
        .executeTakeFirst(),

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

    async readExtent(range) {
      const extent = within(query.selectFrom("prediction"), range).select(({ fn }) => [
        fn.countAll<number>().as("total"),
        fn.min("started_at").as("first"),
        fn.max("started_at").as("last"),
      ]);
      return (await readAll(extent.compile()))[0]!;
    },

    readPoints: (range) =>
      readAll(inOrder(within(query.selectFrom("prediction"), range).select(pointColumns)).compile()),
    pickPoints: (range, buckets) => readAll(pickQuery(query, range, buckets)),

    countPerBucket: (range, buckets) =>
      readAll(
        query
          .selectFrom(bucketed(query, range, buckets).as("call"))
          .select(({ fn }) => [
            "bucket",
            fn.countAll<number>().as("calls"),
            sql<number>`sum(case when status >= 400 then 1 else 0 end)`.as("failures"),
          ])
          .groupBy("bucket")
          .compile(),
      ),

    countDurations: (range) =>
      readAll(
        within(query.selectFrom("prediction"), range)
          .select(({ fn }) => ["duration_ms", fn.countAll<number>().as("calls")])
          .groupBy("duration_ms")
          .orderBy("duration_ms")
          .compile(),
      ),
  };
}

const pointColumns = ["uuid", "started_at", "duration_ms", "probability", "status"] as const;

type Predictions<O> = SelectQueryBuilder<Tables, "prediction", O>;

function within<O>(rows: Predictions<O>, { sources, start, end }: RangeOf): Predictions<O> {
  let found = rows.where("source_id", "in", [...sources]);
  if (start !== undefined) found = found.where("started_at", ">=", start);
  if (end !== undefined) found = found.where("started_at", "<=", end);
  return found;
}

function inOrder<O>(rows: Predictions<O>): Predictions<O> {
  return rows.orderBy("started_at").orderBy("uuid");
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

/** The calls of a range with the number of their bucket. */
function bucketed(query: Kysely<Tables>, range: RangeOf, { start, widthMs }: Buckets) {
  return within(query.selectFrom("prediction"), range)
    .select(["uuid", "duration_ms", "probability", "status"])
    .select(sql<number>`(started_at - ${start}) / ${widthMs}`.as("bucket")); // whole numbers divide to a whole number
}

/** Extremes of each bucket first, then one call that has each, then those calls. */
function pickQuery(query: Kysely<Tables>, range: RangeOf, buckets: Buckets): CompiledQuery<SeriesPoint> {
  const extremes = query
    .selectFrom(bucketed(query, range, buckets).as("call"))
    .select(({ fn }) => [
      "bucket",
      fn.min("duration_ms").as("shortest"),
      fn.max("duration_ms").as("longest"),
      fn.min("probability").as("least"),
      fn.max("probability").as("greatest"),
      fn.max("status").as("worst"),
    ])
    .groupBy("bucket");
  const picked = query
    .selectFrom(bucketed(query, range, buckets).as("call"))
    .innerJoin(extremes.as("extreme"), "extreme.bucket", "call.bucket")
    .where(
      sql<boolean>`(duration_ms in (shortest, longest) or probability in (least, greatest) or (status = worst and status >= 400))`,
    )
    .select([
      sql<string>`min(case when duration_ms = shortest then uuid end)`.as("a"),
      sql<string>`min(case when duration_ms = longest then uuid end)`.as("b"),
      sql<string>`min(case when probability = least then uuid end)`.as("c"),
      sql<string>`min(case when probability = greatest then uuid end)`.as("d"),
      sql<string>`min(case when status = worst and status >= 400 then uuid end)`.as("e"),
    ])
    .groupBy("call.bucket");
  return query
    .with("picked", () => picked)
    .selectFrom("prediction")
    .select(pointColumns)
    .where((row) =>
      row(
        "uuid",
        "in",
        sql<string>`(select a from picked union select b from picked union select c from picked union select d from picked union select e from picked)`,
      ),
    )
    .orderBy("started_at")
    .orderBy("uuid")
    .compile();
}
