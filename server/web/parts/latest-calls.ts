// The newest calls of a range. The API reads forward in time, so a stretch that should hold them is guessed from the series and
// corrected until it does. Knows no HTTP: pages are handed in.
import type { MetricsPage, MetricsRow, PredictionSeries } from "../../../lib/contract/prediction.ts";

export interface Stretch {
  /** Where the range begins: no use in looking further back. */
  readonly first: number;
  /** Nothing of the range came later. */
  readonly last: number;
  /** How far back from `last` to look at first. */
  readonly guessMs: number;
  /** Known to hold too few. */
  readonly tooShortMs: number;
}

export type ReadPage = (span: { readonly start: number; readonly end: number }) => Promise<MetricsPage>;

const mostReads = 20;

/** Undefined when the series has no calls. */
export function stretchOf(series: PredictionSeries, wanted: number): Stretch | undefined {
  const starts = series.points.startTimestampMs;
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (series.exact) return { first, last, guessMs: last - starts[Math.max(0, starts.length - wanted)]!, tooShortMs: 0 };
  return { first, ...byBars(series.buckets, wanted) };
}

/** Back over the bars until they hold enough; of that last bar as much as it should take. */
function byBars({ startTimestampMs, calls, bucketMs }: PredictionSeries["buckets"], wanted: number) {
  const last = startTimestampMs.at(-1)! + bucketMs;
  let held = 0;
  for (let bar = calls.length - 1; bar >= 0; bar--) {
    const tooShortMs = last - startTimestampMs[bar]! - bucketMs;
    if (held + calls[bar]! >= wanted) {
      const share = Math.min(1, (2 * (wanted - held)) / calls[bar]!);
      return { last, guessMs: Math.ceil(tooShortMs + share * bucketMs), tooShortMs };
    }
    held += calls[bar]!;
  }
  return { last, guessMs: last - startTimestampMs[0]!, tooShortMs: 0 };
}

/**
 * At most `wanted` calls, newest first.
 *
 * @param read a page of the calls that started in a span, oldest first; with a token when there are more
 */
export async function readLatest(read: ReadPage, stretch: Stretch, wanted: number): Promise<MetricsRow[]> {
  const { first, last } = stretch;
  let found: readonly MetricsRow[] = [];
  let tooShort = stretch.tooShortMs;
  let tooLong = Infinity;
  let spanMs = stretch.guessMs;
  for (let reads = 0; reads < mostReads; reads++) {
    const start = Math.max(first, last - spanMs);
    const page = await read({ start, end: last });
    if (page.next_page_token) tooLong = last - start;
    else {
      if (page.metrics.length > found.length) found = page.metrics;
      if (found.length >= wanted || start === first) break;
      tooShort = spanMs;
    }
    const next = tooLong === Infinity ? Math.max(1, spanMs * 8) : Math.floor((tooShort + tooLong) / 2);
    if (next === spanMs) break; // more calls in a millisecond than a page holds
    spanMs = next;
  }
  return newestFirst(found).slice(0, wanted);
}

function newestFirst(rows: readonly MetricsRow[]): MetricsRow[] {
  return rows
    .filter(({ predictionUuid }) => predictionUuid !== "")
    .sort((a, b) => b.startTimeStampMs - a.startTimeStampMs || (a.predictionUuid < b.predictionUuid ? 1 : -1));
}
