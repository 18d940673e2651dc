// Where something stands in a text: offsets, lines and columns, and what a transpiler's source map says. Pure.

/** Both from 1; columns in UTF-16 units, as V8 counts. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offset of each line's first character. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

export function offsetAt(starts: readonly number[], { line, column }: Position): number {
  const start = starts[Math.min(Math.max(line, 1), starts.length) - 1]!;
  return start + Math.max(column, 1) - 1;
}

/** [generated column, original line, original column], from 0, in rising order, by generated line. */
type Segment = readonly [number, number, number];

/** Reads "mappings" of a version 3 source map with one source. Format: https://tc39.es/ecma426/#sec-mappings */
export function sourceMapReader(mappings: string): (generated: Position) => Position {
  const lines = decode(mappings);
  return ({ line, column }) => {
    // Code of a line without a segment of its own belongs to the last one before it.
    for (let row = Math.min(line, lines.length) - 1; row >= 0; row--) {
      const segments = lines[row]!;
      const found =
        row === line - 1 ? segments.findLast(([start]) => start <= column - 1) : segments[segments.length - 1];
      if (found) return { line: found[1] + 1, column: found[2] + 1 };
    }
    return { line: 1, column: 1 };
  };
}

function decode(mappings: string): Segment[][] {
  let originalLine = 0;
  let originalColumn = 0;
  return mappings.split(";").map((line) => {
    let column = 0;
    const segments: Segment[] = [];
    for (const text of line.split(",")) {
      const [columnDelta, , lineDelta, originalDelta] = decodeVlq(text);
      if (columnDelta === undefined) continue;
      column += columnDelta;
      if (lineDelta === undefined || originalDelta === undefined) continue;
      originalLine += lineDelta;
      originalColumn += originalDelta;
      segments.push([column, originalLine, originalColumn]);
    }
    return segments;
  });
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function decodeVlq(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
