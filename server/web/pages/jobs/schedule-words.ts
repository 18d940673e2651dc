// A cron pattern in words, for the patterns people use; any other is shown as it stands. Pure.
import type { Schedule } from "../../../../lib/contract/job.ts";

const days = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** `every day at 02:30 (Europe/Berlin)` */
export function scheduleWords({ cron, timeZone }: Schedule): string {
  const words = patternWords(cron.trim().toUpperCase().split(/\s+/)) ?? cron;
  return timeZone === "UTC" && words.startsWith("every") && !words.includes(" at ") ? words : `${words} (${timeZone})`;
}

function patternWords([minute = "", hour = "", day, month, weekday = ""]: readonly string[]): string | undefined {
  if (month !== "*") return undefined;
  if (day === "*" && weekday === "*" && hour === "*") return withinHour(minute);
  if (day === "*" && weekday === "*" && minute === "0" && /^\*\/\d+$/.test(hour))
    return every(Number(hour.slice(2)), "hour");
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return undefined;
  const at = `at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (day === "*" && weekday === "*") return `every day ${at}`;
  if (day === "*") {
    const words = weekdayWords(weekday);
    return words && `${words} ${at}`;
  }
  if (weekday === "*" && /^\d+$/.test(day ?? "")) return `on day ${day} of every month ${at}`;
  return undefined;
}

function withinHour(minute: string): string | undefined {
  if (minute === "*") return "every minute";
  if (/^\*\/\d+$/.test(minute)) return every(Number(minute.slice(2)), "minute");
  if (!/^\d+$/.test(minute)) return undefined;
  return minute === "0" ? "every hour" : `every hour at minute ${Number(minute)}`;
}

function every(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

function weekdayWords(pattern: string): string | undefined {
  const [from, to] = pattern.split("-").map(dayOf);
  if (from === undefined || Number.isNaN(from)) return pattern.includes(",") ? listWords(pattern) : undefined;
  if (pattern.includes("-")) return Number.isNaN(to) ? undefined : `${days[from]} to ${days[to!]}`;
  return days[from];
}

function listWords(pattern: string): string | undefined {
  const named = pattern.split(",").map((day) => days[dayOf(day)]);
  if (named.some((day) => day === undefined)) return undefined;
  return `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

function dayOf(text: string): number {
  if (/^[0-7]$/.test(text)) return Number(text) % 7;
  const at = dayNames.indexOf(text);
  return at < 0 ? Number.NaN : at;
}
