// A stretch of time as a query asks for it: milliseconds since 1970, both ends included, either of them open. Pure.
import { BadRequestError } from "../errors.ts";

export interface TimeRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/**
 * @param doing for the message: `draw a series`
 * @throws BadRequestError an end before its start, or a time that is none
 */
export function requireRange(doing: string, { start, end }: TimeRange): void {
  for (const [name, value] of [
    ["start", start],
    ["end", end],
  ] as const) {
    if (value === undefined || (Number.isFinite(value) && Math.abs(value) <= 8.64e15)) continue;
    throw new BadRequestError(`Cannot ${doing}: found ${name} = ${value}, expected milliseconds since 1970`);
  }
  if (start !== undefined && end !== undefined && start > end) {
    throw new BadRequestError(`Cannot ${doing}: found an end before its start`);
  }
}

/** Times are kept in whole milliseconds. */
export function wholeRange({ start, end }: TimeRange): TimeRange {
  return {
    start: start === undefined ? undefined : Math.ceil(start),
    end: end === undefined ? undefined : Math.floor(end),
  };
}
