// A CSV file read as text, record by record, by RFC 4180's quotes: for the header, and to find the line of a record that is wrong.
import { createReadStream } from "node:fs";

/** One record: its fields without their quotes. */
export interface CsvRecord {
  /** 1-based line of the file it starts on. */
  readonly line: number;
  /** 1-based position among all records, the header and empty lines counted. */
  readonly position: number;
  readonly fields: readonly string[];
}

/** The records of a file in order; empty lines are none, unless there is but one column. The header is record 0. */
export async function* scanCsv(path: string, delimiter: string): AsyncGenerator<CsvRecord> {
  const scan = new Scan(delimiter);
  let first = true;
  for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
    yield* scan.take(first ? chunk.replace(/^\uFEFF/, "") : chunk);
    first = false;
  }
  yield* scan.end();
}

class Scan {
  readonly #delimiter: string;
  #line = 1;
  #start = 1;
  #position = 0;
  #fields: string[] = [];
  #field = "";
  #quoted = false;
  #wasQuoted = false;
  #afterQuote = false;
  #afterReturn = false;
  #columns = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  *take(text: string): Generator<CsvRecord> {
    for (const char of text) {
      const linefeedOfPair = char === "\n" && this.#afterReturn;
      this.#afterReturn = char === "\r";
      if (linefeedOfPair) {
        if (this.#quoted && !this.#afterQuote) this.#field += char;
        else this.#start = this.#line;
        continue;
      }
      if (char === "\n" || char === "\r") this.#line++;
      yield* this.#step(char);
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#fields.length > 0 || this.#field !== "" || this.#wasQuoted) yield* this.#endRecord();
  }

  *#step(char: string): Generator<CsvRecord> {
    if (this.#quoted) {
      if (this.#afterQuote && char === '"') {
        this.#field += char;
        this.#afterQuote = false;
        return;
      }
      if (!this.#afterQuote) {
        if (char === '"') this.#afterQuote = true;
        else this.#field += char;
        return;
      }
      this.#quoted = this.#afterQuote = false;
    }
    if (char === '"' && this.#field === "" && !this.#wasQuoted) this.#quoted = this.#wasQuoted = true;
    else if (char === this.#delimiter) this.#endField();
    else if (char === "\n" || char === "\r") yield* this.#endRecord();
    else this.#field += char;
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#wasQuoted = false;
  }

  *#endRecord(): Generator<CsvRecord> {
    const empty = this.#fields.length === 0 && this.#field === "" && !this.#wasQuoted;
    this.#endField();
    const record = { line: this.#start, position: ++this.#position, fields: this.#fields };
    this.#fields = [];
    this.#start = this.#line;
    this.#columns ||= record.fields.length;
    if (!empty || this.#columns === 1) yield record;
  }
}
