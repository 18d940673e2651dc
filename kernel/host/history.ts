// What was run in this session, answered as Jupyter's history_request asks.
import type { Content } from "../protocol/message.ts";

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** The one session a kernel has: nothing is kept on disk. */
const session = 1;

export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  /** Text of the result of the latest entry. */
  setOutput(output: string): void {
    const last = this.#entries.at(-1);
    if (last) last.output = output;
  }

  /** @returns [session, line, input] or, with `output`, [session, line, [input, output]] */
  answer(request: Content): unknown[] {
    const entries = this.#select(request);
    return entries.map(({ line, input, output }) => [session, line, request["output"] ? [input, output] : input]);
  }

  #select({ hist_access_type: type, n, session: asked, start, stop, pattern, unique }: Content): Entry[] {
    const count = typeof n === "number" ? n : Number.POSITIVE_INFINITY;
    if (type === "range") {
      if (asked !== undefined && asked !== 0 && asked !== session) return [];
      const from = typeof start === "number" ? start : 0;
      const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      return this.#entries.filter(({ line }) => line >= from && line < to);
    }
    if (type === "search") {
      const matches = globPattern(typeof pattern === "string" ? pattern : "*");
      const found = this.#entries.filter(({ input }) => matches.test(input));
      return lastOf(unique ? withoutRepeats(found) : found, count);
    }
    return lastOf(this.#entries, count);
  }
}

function lastOf<T>(entries: readonly T[], count: number): T[] {
  return entries.slice(Math.max(0, entries.length - Math.max(0, count)));
}

/** The latest of equal ones stays. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.input, entry])).values()].sort((a, b) => a.line - b.line);
}

/** `*` and `?` as in file names, over the whole input. */
function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.+()|{}[\]]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}
