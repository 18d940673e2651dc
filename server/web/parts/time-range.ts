// The stretch of time a page looks at, as its address keeps it: everything, the last minutes, or between two moments.
export const windows = { "15m": 15, "1h": 60, "24h": 24 * 60, "7d": 7 * 24 * 60 } as const;
export type WindowName = keyof typeof windows;

export type TimeRange =
  | { readonly kind: "all" }
  | { readonly kind: "last"; readonly window: WindowName }
  | { readonly kind: "between"; readonly start: number; readonly end: number };

/** The search part of an address; absent keys mean everything. */
export interface RangeSearch {
  readonly last?: WindowName;
  readonly start?: number;
  readonly end?: number;
}

/** Drops what is no range, so that a wrong address still shows a page. */
export function parseRangeSearch(search: Record<string, unknown>): RangeSearch {
  const { last, start, end } = search;
  if (typeof start === "number" && typeof end === "number" && start < end) return { start, end };
  if (typeof last === "string" && Object.hasOwn(windows, last)) return { last: last as WindowName };
  return {};
}

export function toTimeRange({ last, start, end }: RangeSearch): TimeRange {
  if (start !== undefined && end !== undefined) return { kind: "between", start, end };
  return last ? { kind: "last", window: last } : { kind: "all" };
}

/** Start in milliseconds; undefined means from the first call. */
export function startOf(range: TimeRange, now: number = Date.now()): number | undefined {
  if (range.kind === "all") return undefined;
  return range.kind === "between" ? range.start : now - windows[range.window] * 60_000;
}
