// SQL of series: what adds up over many calls, in the reader. A bucket is a stretch of the index that covers all a series needs,
// so each is asked for by its ends, as an arm of a union: grouping by a computed bucket would sort every call first.
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../storage/database.ts";
import { chunksOf, inOrder, longReads, type RangeOf, within } from "./prediction-range.ts";
import type { BucketCount, Buckets, DurationCount, SeriesPoint, TimeSpan } from "./series.ts";

export interface Extent {
  readonly total: number;
  /** null when there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface SeriesStore {
  readExtent(range: RangeOf): Promise<Extent>;
  readPoints(range: RangeOf): Promise<SeriesPoint[]>;
  /** The least and greatest of each bucket, so that spikes stay; in order of start. */
  pickPoints(range: RangeOf & TimeSpan, buckets: Buckets): Promise<SeriesPoint[]>;
  countPerBucket(range: RangeOf & TimeSpan, buckets: Buckets): Promise<BucketCount[]>;
  countDurations(range: RangeOf): Promise<DurationCount[]>;
}

export function createSeriesStore(database: Database): SeriesStore {
  const { query } = database;
  const readAll = longReads(database);
  const readArms = async <T>(arms: readonly RawBuilder<T>[]): Promise<T[]> => {
    const rows = chunksOf(arms).map((some) => readAll(sql<T>`${sql.join(some, sql` union all `)}`.compile(query)));
    return (await Promise.all(rows)).flat();
  };

  return {
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

    async pickPoints(range, buckets) {
      const stretches = stretchesOf(range, buckets);
      const extremes = await readArms(stretches.map(extremesOf));
      const picks = await readArms(extremes.map((extreme) => picksOf(stretches[extreme.bucket]!, extreme)));
      const uuids = picks.flatMap((each) => Object.values(each)).filter((uuid) => uuid !== null);
      const found = chunksOf([...new Set(uuids)]).map((some) =>
        readAll(query.selectFrom("prediction").select(pointColumns).where("uuid", "in", some).compile()),
      );
      return (await Promise.all(found)).flat().sort(byStart);
    },

    countPerBucket: (range, buckets) => readArms(stretchesOf(range, buckets).map(countOf)),

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

/** The part of a range that is in one bucket; both ends included. */
interface Stretch extends TimeSpan {
  readonly bucket: number;
  readonly sources: readonly number[];
}

function stretchesOf({ sources, start, end }: RangeOf & TimeSpan, buckets: Buckets): Stretch[] {
  return Array.from({ length: buckets.count }, (_, bucket) => {
    const from = buckets.start + bucket * buckets.widthMs;
    return { bucket, sources, start: Math.max(start, from), end: Math.min(end, from + buckets.widthMs - 1) };
  });
}

interface Extremes {
  readonly bucket: number;
  readonly shortest: number;
  readonly longest: number;
  readonly least: number | null;
  readonly greatest: number | null;
  readonly worst: number;
}

function extremesOf(stretch: Stretch): RawBuilder<Extremes> {
  return sql`select ${sql.lit(stretch.bucket)} as bucket, min(duration_ms) as shortest, max(duration_ms) as longest,
    min(probability) as least, max(probability) as greatest, max(status) as worst
    from prediction where ${isIn(stretch)} having count(*) > 0`;
}

/** One call for each extreme, by its uuid. */
interface Picks {
  readonly shortest: string | null;
  readonly longest: string | null;
  readonly least: string | null;
  readonly greatest: string | null;
  readonly failed: string | null;
}

function picksOf(stretch: Stretch, { shortest, longest, least, greatest, worst }: Extremes): RawBuilder<Picks> {
  const first = (column: string, value: number) => sql`min(case when ${sql.ref(column)} = ${value} then uuid end)`;
  const none = sql`cast(null as text)`;
  return sql`select ${first("duration_ms", shortest)} as shortest, ${first("duration_ms", longest)} as longest,
    ${least === null ? none : first("probability", least)} as least,
    ${greatest === null ? none : first("probability", greatest)} as greatest,
    ${worst < 400 ? none : first("status", worst)} as failed
    from prediction where ${isIn(stretch)}`;
}

function countOf(stretch: Stretch): RawBuilder<BucketCount> {
  return sql`select ${sql.lit(stretch.bucket)} as bucket, count(*) as calls,
    coalesce(sum(case when status >= 400 then 1 else 0 end), 0) as failures
    from prediction where ${isIn(stretch)}`;
}

function isIn({ sources, start, end }: Stretch): RawBuilder<boolean> {
  return sql`source_id in (${sql.join(sources)}) and started_at between ${start} and ${end}`;
}

function byStart(a: SeriesPoint, b: SeriesPoint): number {
  return a.started_at - b.started_at || (a.uuid < b.uuid ? -1 : 1);
}
