// TypeScript to JavaScript by oxc: types go, enums and parameter properties are lowered, the rest stays as written.
import { transformSync } from "oxc-transform";
import { lineStarts, type Position, positionAt, sourceMapReader } from "./positions.ts";

export interface Transpiled {
  readonly js: string;
  /** From a position in the JavaScript to one in the TypeScript. */
  toSource(position: Position): Position;
}

/** Source that cannot be parsed; says where. */
export class SourceSyntaxError extends SyntaxError {
  override name = "SyntaxError";
  readonly position: Position;
  /** More text could make it whole: it ends too early. */
  readonly incomplete: boolean;

  constructor(message: string, position: Position, incomplete = false) {
    super(message);
    this.position = position;
    this.incomplete = incomplete;
  }
}

export interface TranspileOptions {
  /** Drop imports nobody uses as a value (they may be types). Default false: only `import type` goes. */
  elideImports?: boolean;
}

/** @throws SourceSyntaxError */
export function transpile(source: string, { elideImports = false }: TranspileOptions = {}): Transpiled {
  const transform = (sourcemap: boolean) =>
    transformSync("cell.ts", source, {
      lang: "ts",
      sourceType: "module",
      target: "esnext",
      sourcemap,
      typescript: { onlyRemoveTypeImports: !elideImports },
    });
  const { code, errors } = transform(false);
  const error = errors.find(({ severity }) => severity === "Error");
  if (error) throw toSyntaxError(error, source);
  let read: ((position: Position) => Position) | undefined;
  // Few cells are ever asked where something stood: the map is made then.
  const toSource = (position: Position) => (read ??= sourceMapReader(transform(true).map?.mappings ?? ""))(position);
  return { js: code, toSource };
}

function toSyntaxError(
  { message, labels }: { message: string; labels: { message: string | null; start: number }[] },
  source: string,
): SourceSyntaxError {
  const label = labels.find(({ message }) => message?.startsWith("It can not be redeclared")) ?? labels[0];
  const offset = fromUtf8Offset(source, label?.start ?? 0);
  const atEnd = source.slice(offset).trim() === "";
  const open = /^Unterminated/.test(message) && (source[offset] === "`" || source.startsWith("/*", offset));
  return new SourceSyntaxError(message, positionAt(lineStarts(source), offset), atEnd || open);
}

/** oxc counts bytes of UTF-8. */
function fromUtf8Offset(source: string, bytes: number): number {
  let left = bytes;
  let offset = 0;
  for (const character of source) {
    if (left <= 0) break;
    left -= Buffer.byteLength(character);
    offset += character.length;
  }
  return offset;
}
