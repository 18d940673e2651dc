// What was run, in this session and in those before it, answered as Jupyter's history_request asks. Kept as one JSON line a cell in a
// file that all kernels of a user append to; a file too long is shortened to its newest lines when a kernel starts.
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Content } from "../protocol/message.ts";

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  output: string | null;
}

const keptLines = 10_000;
/** Between a cell's end and its line in the file: a slow disk is not to delay the cell's answer. */
const writeMs = 100;
/** A cell's text and its result's, in the file. */
const longestText = 20_000;

export class History {
  readonly #entries: Entry[];
  readonly #session: number;
  readonly #file: string | undefined;
  #unwritten: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param file where past sessions are; without one nothing outlives the kernel */
  constructor(file?: string) {
    this.#file = file;
    this.#entries = file === undefined ? [] : readEntries(file);
    this.#session = (this.#entries.at(-1)?.session ?? 0) + 1;
  }

  add(line: number, input: string): void {
    this.#entries.push({ session: this.#session, line, input, output: null });
  }

  /** The latest entry's cell has ended. @param output text of its result */
  end(output: string | null): void {
    const last = this.#entries.at(-1);
    if (!last) return;
    last.output = output;
    if (this.#file === undefined) return;
    this.#unwritten.push(last);
    this.#timer ??= setTimeout(() => this.save(), writeMs);
  }

  /** Writes what is not yet in the file. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#file !== undefined && this.#unwritten.length > 0) append(this.#file, this.#unwritten);
    this.#unwritten = [];
  }

  /** @returns [session, line, input] or, with `output`, [session, line, [input, output]] */
  answer(request: Content): unknown[] {
    const entries = this.#select(request);
    return entries.map(({ session, line, input, output }) => [
      session,
      line,
      request["output"] ? [input, output] : input,
    ]);
  }

  #select({ hist_access_type: type, n, session: asked, start, stop, pattern, unique }: Content): Entry[] {
    const count = typeof n === "number" ? n : Number.POSITIVE_INFINITY;
    if (type === "range") {
      const session = this.#sessionOf(asked);
      const from = typeof start === "number" ? start : 0;
      const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      return this.#entries.filter((entry) => entry.session === session && entry.line >= from && entry.line < to);
    }
    if (type === "search") {
      const matches = globPattern(typeof pattern === "string" ? pattern : "*");
      const found = this.#entries.filter(({ input }) => matches.test(input));
      return lastOf(unique ? withoutRepeats(found) : found, count);
    }
    return lastOf(this.#entries, count);
  }

  /** 0 is this session, -1 the one before it. */
  #sessionOf(asked: unknown): number {
    if (typeof asked !== "number") return this.#session;
    return asked <= 0 ? this.#session + asked : asked;
  }
}

function readEntries(file: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return []; // none yet, or not ours to read: a kernel starts without its past
  }
  const entries = text.split("\n").flatMap(readEntry);
  const kept = entries.slice(-keptLines);
  if (kept.length < entries.length) rewrite(file, kept);
  return kept;
}

/** A line that another kernel is just writing, or a crash has cut, is passed over. */
function readEntry(line: string): Entry[] {
  try {
    const { session, line: number, input, output } = JSON.parse(line) as Entry;
    return typeof input === "string" ? [{ session, line: number, input, output: output ?? null }] : [];
  } catch {
    return [];
  }
}

/** A past that cannot be kept is no reason to fail a cell. */
function append(file: string, entries: readonly Entry[]): void {
  const lines = entries.map(({ input, output, ...entry }) =>
    JSON.stringify({ ...entry, input: cut(input), output: output === null ? null : cut(output) }),
  );
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  } catch {
    // a full disk or a folder that may not be written
  }
}

function rewrite(file: string, entries: readonly Entry[]): void {
  const next = `${file}.${process.pid}`;
  try {
    writeFileSync(next, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    renameSync(next, file);
  } catch {
    // as in append
  }
}

function cut(text: string): string {
  return text.length > longestText ? text.slice(0, longestText) : text;
}

function lastOf<T>(entries: readonly T[], count: number): T[] {
  return entries.slice(Math.max(0, entries.length - Math.max(0, count)));
}

/** The latest of equal ones stays. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const latest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => latest.get(entry.input) === entry);
}

/** `*` and `?` as in file names, over the whole input. */
function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.+()|{}[\]]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}
