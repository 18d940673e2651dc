import { describe, expect, test } from "vitest";
import { lineStarts, offsetAt, positionAt } from "../../../kernel/evaluator/positions.ts";
import { transpile } from "../../../kernel/evaluator/transpile.ts";
import fc from "../../support/fast-check.ts";

describe("positions", () => {
  test("an offset and its line and column are one another's inverse", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "é", "😀") }), fc.nat(), (text, at) => {
        const offset = at % (text.length + 1);
        const starts = lineStarts(text);
        const position = positionAt(starts, offset);
        expect(offsetAt(starts, position)).toBe(offset);
        expect(position.line).toBe(text.slice(0, offset).split("\n").length);
      }),
    );
  });

  test("a source map leads from JavaScript to TypeScript", () => {
    const source =
      'interface Gone {\n  a: string;\n}\n\nconst é: string = "😀"; const here = (x: number): number => mark(x);\n\n\n  late();';
    const { js, toSource } = transpile(source);
    for (const word of ["mark", "late"]) {
      const found = toSource(positionAt(lineStarts(js), js.indexOf(word)));
      expect(found).toEqual(positionAt(lineStarts(source), source.indexOf(word)));
    }
  });

  test("a syntax error is placed in UTF-16 columns", () => {
    expect(() => transpile('const é = "😀"; const x = ;')).toThrow(
      expect.objectContaining({ name: "SyntaxError", position: { line: 1, column: 27 }, incomplete: false }),
    );
  });
});
