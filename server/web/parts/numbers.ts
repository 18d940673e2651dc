// Numbers and times as people read them: three significant digits, a unit always, times relative with the absolute beside.
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const tiny = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, notation: "scientific" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Non-breaking, so that a number and its unit stay on one line. */
const gap = "\u00a0";

export function threeDigits(value: number): string {
  return (Math.abs(value) < 1e-4 && value !== 0 ? tiny : short).format(value);
}

export function count(value: number): string {
  return whole.format(value);
}

export function counted(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}

/** Clocks of calls tick in milliseconds, so that none reads as 0. */
export function milliseconds(value: number): string {
  if (value === 0) return `<${gap}1${gap}ms`;
  return value < 10_000 ? `${threeDigits(value)}${gap}ms` : `${threeDigits(value / 1000)}${gap}s`;
}

/** How long something took, two units at most: `4.2 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return milliseconds(Math.round(ms));
  if (ms < 60_000) return `${threeDigits(ms / 1000)}${gap}s`;
  const [big, small, size] = ms < 3_600_000 ? (["min", "s", 60] as const) : (["h", "min", 3600] as const);
  const whole = Math.floor(ms / 1000 / size);
  const rest = Math.floor((ms / 1000 - whole * size) / (size / 60));
  return rest === 0 ? `${whole}${gap}${big}` : `${whole}${gap}${big} ${rest}${gap}${small}`;
}

/** `≤ 4 ms`, for a sentence. */
export function atMost(value: number): string {
  return value === 0 ? milliseconds(0) : `≤${gap}${milliseconds(value)}`;
}

export function percent(part: number, of: number): string {
  return `${threeDigits((100 * part) / of)}${gap}%`;
}

/** `12.4 kB`, `3.1 MB`: powers of ten. */
export function bytes(value: number): string {
  const step = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return `${threeDigits(value / 1000 ** step)}${gap}${["bytes", "kB", "MB", "GB", "TB"][step]}`;
}

/** `3 minutes ago`; `now` is handed in so that a page ticks as one. */
export function ago(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000);
  if (Math.abs(seconds) < 5) return "just now";
  const [unit, size] = unitFor(Math.abs(seconds));
  return relative.format(Math.trunc(seconds / size), unit);
}

export function moment(time: number): string {
  return absolute.format(time);
}

export function clockTime(time: number): string {
  return clock.format(time);
}

/** Plotly knows no zones and takes times as UTC's: the milliseconds that local wall-clock time would have there. */
export function wallTime(time: number): number {
  return time - new Date(time).getTimezoneOffset() * 60_000;
}

/** The same as Plotly writes it, milliseconds kept. */
export function wallClock(time: number): string {
  return new Date(wallTime(time)).toISOString().slice(0, 23).replace("T", " ");
}

export function fromWallClock(text: string): number {
  return new Date(text.replace(" ", "T")).getTime();
}

function unitFor(seconds: number): [Intl.RelativeTimeFormatUnit, number] {
  if (seconds < 60) return ["second", 1];
  if (seconds < 3600) return ["minute", 60];
  if (seconds < 86_400) return ["hour", 3600];
  return ["day", 86_400];
}
