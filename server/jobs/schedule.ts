// Five cron fields and a time zone → when next. The one place that knows the cron library.
import { Cron } from "croner";
import type { Schedule } from "../../lib/contract/job.ts";
import { quote } from "../../lib/core/check.ts";
import { BadRequestError } from "../errors.ts";

/**
 * The first time after `now`, in milliseconds since 1970.
 *
 * @throws BadRequestError no cron pattern of five fields, no such time zone, or a day that never comes
 */
export function nextTime({ cron, timeZone }: Schedule, now: number): number {
  requireTimeZone(timeZone);
  const next = patternOf(cron, timeZone).nextRun(new Date(now));
  if (next) return next.getTime();
  throw new BadRequestError(`Cannot schedule ${quote(cron)}: found a day that never comes, expected one that does`);
}

function requireTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    throw new BadRequestError(
      `Cannot schedule: found the time zone ${quote(name)}, expected an IANA name like Europe/Berlin`,
    );
  }
}

function patternOf(cron: string, timezone: string): Cron {
  try {
    if (cron.trim().split(/\s+/).length !== 5) throw new Error("not five fields");
    return new Cron(cron, { mode: "5-part", timezone, paused: true });
  } catch (cause) {
    const why = (cause as Error).message.replace(/^CronPattern: /, "");
    throw new BadRequestError(
      `Cannot schedule: found ${quote(cron)} (${why}), expected five cron fields like "30 2 * * 1-5"`,
      { cause },
    );
  }
}
