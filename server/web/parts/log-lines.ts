// The lines of a log that the page keeps: the latest, so that a log of gigabytes costs no more than this. Pure.
export interface LogLines {
  readonly lines: readonly string[];
  /** Bytes of the log up to which the lines go. */
  readonly end: number;
  /** Lines before the first kept are only in the download. */
  readonly cut: boolean;
}

/** Bytes read of a log that is already long. */
export const tailBytes = 256 * 1024;
const mostLines = 10_000;

export const noLines: LogLines = { lines: [""], end: 0, cut: false };

/** Where to begin reading a log of this size. */
export function tailStart(bytes: number): number {
  return Math.max(0, bytes - tailBytes);
}

/** What was read from the middle begins with a part of a line, which is left out. */
export function tailOf(text: string, from: number, end: number): LogLines {
  const whole = from === 0 ? text : text.slice(text.indexOf("\n") + 1);
  return bounded({ lines: plain(whole).split("\n"), end, cut: from > 0 });
}

/** `undefined` when something between is missing and has to be read. */
export function withText(log: LogLines, { text, end }: { text: string; end: number }): LogLines | undefined {
  if (end <= log.end) return log;
  const start = end - new TextEncoder().encode(text).length;
  if (start > log.end) return undefined;
  if (start < log.end) return undefined; // overlaps what is there: read from where we are
  const [first = "", ...rest] = plain(text).split("\n");
  return bounded({ ...log, lines: [...log.lines.slice(0, -1), (log.lines.at(-1) ?? "") + first, ...rest], end });
}

function bounded(log: LogLines): LogLines {
  return log.lines.length <= mostLines ? log : { ...log, lines: log.lines.slice(-mostLines), cut: true };
}

const escapeCharacter = String.fromCharCode(27);
const colours = new RegExp(`${escapeCharacter}\\[[0-9;?]*[A-Za-z]`, "g");

export function withoutColours(text: string): string {
  return text.replaceAll(colours, "");
}

/** Without the terminal's colours; a line that was written over keeps its last state. */
function plain(text: string): string {
  return withoutColours(text)
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\n]*\r(?!$)/g, "");
}
