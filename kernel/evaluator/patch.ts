// Edits of a text that remember where each character came from: insertions, replacements, and ranges moved to the front. Pure.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** At one place: closings (innermost first), then openings (outermost first). */
  readonly order: number;
}

interface Hoist {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

export interface Patched {
  readonly text: string;
  /** Where the character at this offset of the new text stood in the old one. */
  toSource(offset: number): number;
}

export class Patch {
  readonly #source: string;
  readonly #edits: Edit[] = [];
  readonly #hoists: Hoist[] = [];
  readonly #head: { text: string; from: number }[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Text at the very front, in order of the calls; `from` is the place it stands for. */
  head(text: string, from = 0): void {
    this.#head.push({ text, from });
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, order: this.#edits.length });
  }

  /** Puts a range in brackets; ranges around one another are given from the outside in. */
  wrap(start: number, end: number, open: string, close: string): void {
    const order = this.#edits.length + 1;
    this.#edits.push({ start, end: start, text: open, order }, { start: end, end, text: close, order: -order });
  }

  /** Moves a range to the front, edits inside it included. */
  hoist(start: number, end: number, before: string, after: string): void {
    this.#hoists.push({ start, end, before, after });
  }

  build(): Patched {
    const pieces: string[] = [];
    const marks: Mark[] = [{ at: 0, from: 0, moves: false }];
    let length = 0;
    const put = (text: string, from: number, moves = false) => {
      if (text === "") return;
      marks.push({ at: length, from, moves });
      pieces.push(text);
      length += text.length;
    };
    const copy = (start: number, end: number, edits: readonly Edit[]) => {
      let at = start;
      for (const edit of [...edits].sort((a, b) => a.start - b.start || a.order - b.order)) {
        if (edit.start < at || edit.end > end) continue;
        put(this.#source.slice(at, edit.start), at, true);
        put(edit.text, edit.start);
        at = edit.end;
      }
      put(this.#source.slice(at, end), at, true);
    };
    for (const { text, from } of this.#head) put(text, from);
    for (const { start, end, before, after } of this.#hoists) {
      put(before, start);
      copy(start, end, this.#edits);
      put(after, end);
    }
    const removals = this.#hoists.map(({ start, end }) => ({ start, end, text: "", order: Number.MAX_SAFE_INTEGER }));
    copy(0, this.#source.length, [...this.#edits, ...removals]);
    return { text: pieces.join(""), toSource: (offset) => sourceOf(marks, offset, this.#source.length) };
  }
}

interface Mark {
  readonly at: number;
  readonly from: number;
  /** Copied text, whose characters each have their own source; not an insertion, which stands for one place. */
  readonly moves: boolean;
}

function sourceOf(marks: readonly Mark[], offset: number, end: number): number {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (marks[middle]!.at <= offset) low = middle;
    else high = middle - 1;
  }
  const { at, from, moves } = marks[low]!;
  return Math.min(moves ? from + offset - at : from, end);
}
