// Edits of a text that keep every line where it was, so that line n of the cell stays line n.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class TextEdits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Puts text in place of a range; the range's line breaks stay, behind the text. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.#source.slice(start, end).replace(/[^\n]+/g, "");
    this.#edits.push({ start, end, text: text + breaks });
  }

  insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  toString(): string {
    const ordered = this.#edits.map((edit, order) => ({ ...edit, order }));
    ordered.sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
    let text = "";
    let at = 0;
    for (const { start, end, text: added } of ordered) {
      text += this.#source.slice(at, start) + added;
      at = Math.max(at, end);
    }
    return text + this.#source.slice(at);
  }
}
