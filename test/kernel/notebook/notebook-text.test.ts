import { describe, expect, test } from "vitest";
import { formatJson, jupyterStyle } from "../../../kernel/notebook/json-text.ts";
import { type CodeCell, linesOf, type Notebook, originalText, sourceOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook, readNotebookBytes, requireLanguage } from "../../../kernel/notebook/read-notebook.ts";
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";
import fc from "../../support/fast-check.ts";

const code = (id: string, source: string, outputs: unknown[] = []) => ({
  cell_type: "code",
  execution_count: null,
  id,
  metadata: {},
  outputs,
  source: linesOf(source),
});
const plain = {
  cells: [code("a", "const x = 1\nx"), { cell_type: "markdown", id: "b", metadata: {}, source: ["# Grün"] }],
  metadata: { kernelspec: { display_name: "TypeScript", language: "typescript", name: "cellwright" } },
  nbformat: 4,
  nbformat_minor: 5,
};

describe("a notebook that did not change is written byte for byte", () => {
  const written: Record<string, string> = {
    "as Jupyter writes it": `${JSON.stringify(plain, null, 1)}\n`,
    "without a newline at its end": JSON.stringify(plain, null, 1),
    "indented by two, by four, by tabs": [2, 4, "\t"].map((indent) => JSON.stringify(plain, null, indent)).join("~"),
    "on one line": JSON.stringify(plain),
    "on one line with spaces": formatJson(plain, { ...jupyterStyle, indent: "" }),
    "with CRLF": JSON.stringify(plain, null, 1).replaceAll("\n", "\r\n"),
    "with a byte order mark": `\uFEFF${JSON.stringify(plain, null, 1)}\n`,
    "with escapes": JSON.stringify(plain, null, 1).replaceAll("ü", "\\u00FC").replaceAll("/", "\\/"),
    "with numbers JavaScript would write otherwise": JSON.stringify({ ...plain, metadata: { a: 0 } }).replace(
      '"a":0',
      '"a":1.0,"b":1E5,"c":12345678901234567890,"d":-0',
    ),
    "with a key twice": JSON.stringify(plain).replace(
      '"metadata":{"k',
      '"metadata":{"x":[1],"x":{"y":2},"__proto__":1,"k',
    ),
    "with sources as strings": JSON.stringify({ ...plain, cells: [{ ...code("a", ""), source: "1\n2" }] }, null, 1),
  };
  for (const [how, text] of Object.entries(written))
    test(how, () => {
      for (const one of text.split("~")) expect(writeNotebook(readNotebook(one))).toBe(one);
    });

  test("whatever is in it, and however it is laid out", () => {
    fc.assert(
      fc.property(randomNotebook(), randomLayout(), (notebook, layout) => {
        const text = layout(notebook);
        const read = readNotebook(text);
        expect(writeNotebook(read)).toBe(text);
        expect(writeNotebook(structuredClone(read))).toBe(`${formatJson(JSON.parse(text))}\n`);
        expect(writeNotebook({ ...structuredClone(read), [originalText]: text })).toBe(text);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe("a notebook that changed", () => {
  test("keeps every line but those that say something else", () => {
    const text = `${JSON.stringify(plain, null, 2)}\n`.replace("ü", "\\u00fc");
    const read = readNotebook(text);
    (read.cells[0] as CodeCell).outputs = [{ name: "stdout", output_type: "stream", text: ["ä\n"] }];
    (read.cells[0] as CodeCell).execution_count = 7;
    const lines = writeNotebook(read).split("\n");
    const old = text.split("\n");
    expect(lines.filter((line) => !old.includes(line))).toEqual([
      '      "execution_count": 7,',
      '      "outputs": [',
      "        {",
      '          "name": "stdout",',
      '          "output_type": "stream",',
      '          "text": [',
      '            "\\u00e4\\n"',
      "          ]",
      "        }",
      "      ],",
    ]);
    expect(old.filter((line) => !lines.includes(line))).toEqual([
      '      "execution_count": null,',
      '      "outputs": [],',
    ]);
  });

  test("says what it was changed to, whatever was changed", () => {
    fc.assert(
      fc.property(randomNotebook(), randomNotebook(), randomLayout(), (before, after, layout) => {
        const text = writeNotebook({ ...(after as unknown as Notebook), [originalText]: layout(before) });
        expect(JSON.parse(text)).toEqual(after);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  test("keeps the text of cells around one that was put in or taken out, with ids and without", () => {
    const ids = readNotebook(JSON.stringify({ ...plain, x: [1.5] }, null, "\t").replaceAll("1.5", "1.50"));
    const bare = readNotebook(
      JSON.stringify({ ...plain, nbformat_minor: 4, cells: plain.cells.map(({ id: _, ...cell }) => cell) }).replaceAll(
        '"metadata":{}',
        '"metadata": { "n": 1.0 }',
      ),
    );
    for (const notebook of [ids, bare]) {
      const old = notebook[originalText]!;
      const added = { ...(notebook.cells[0] as CodeCell), source: ["2"], metadata: {}, id: undefined };
      const { cells } = notebook;
      const longer = writeNotebook({ ...notebook, cells: [cells[0]!, added, cells[1]!] } as Notebook);
      expect(longer.length).toBeGreaterThan(old.length);
      expect(writeNotebook({ ...readNotebook(longer), cells })).toBe(old);
      const shorter = writeNotebook({ ...notebook, cells: [cells[1]!] });
      expect(old).toContain(shorter.slice(shorter.indexOf("markdown"), -5));
    }
  });

  test("stays on one line, or in Jupyter's form when it comes from nowhere", () => {
    const read = readNotebook(JSON.stringify(plain));
    expect(writeNotebook({ ...read, cells: [] })).toBe(JSON.stringify({ ...plain, cells: [] }));
    expect(writeNotebook(plain as unknown as Notebook)).toBe(`${JSON.stringify(plain, null, 1)}\n`);
  });
});

describe("what is no notebook of ours is refused by name", () => {
  const refused: [string, string, string][] = [
    ["an empty file", "", "Cannot read x.ipynb: found an empty file, expected a notebook"],
    ["half a file", '{\n "cells": [', "found text that is no JSON (line 2, column 12), expected a notebook"],
    ["a merge", "{\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n}", "found unresolved merge conflicts"],
    ["a list", "[]", "found JSON that is a list, expected a notebook"],
    ["another file", '{"name":"x"}', "found JSON without nbformat, expected a notebook"],
    ["nbformat 3", '{"nbformat":3,"worksheets":[]}', "found nbformat 3, expected nbformat 4"],
    ["no cells", '{"nbformat":4,"nbformat_minor":5,"metadata":{}}', "found cells that are missing, expected a list"],
    [
      "a cell without source",
      JSON.stringify({ ...plain, cells: [plain.cells[1], { cell_type: "raw", metadata: {} }] }),
      "found cell 2 with a source that is missing, expected text or a list of lines",
    ],
    [
      "a cell of no type",
      JSON.stringify({ ...plain, cells: [{ cell_type: "sql" }] }),
      'found cell 1 of type "sql", expected code, markdown or raw',
    ],
  ];
  for (const [what, text, message] of refused)
    test(what, () => expect(() => readNotebook(text, { name: "x.ipynb" })).toThrow(message));

  test("bytes that are no text", () => {
    expect(() => readNotebookBytes(Uint8Array.of(0x7b, 0xff, 0xfe))).toThrow("found bytes that are no UTF-8 text");
  });

  test("another language", () => {
    const python = readNotebook(JSON.stringify({ ...plain, metadata: { language_info: { name: "python" } } }));
    expect(() => requireLanguage(python)).toThrow(
      "Cannot run notebook: found a notebook in python, expected typescript",
    );
    requireLanguage(readNotebook(JSON.stringify(plain)));
    requireLanguage(readNotebook(JSON.stringify({ ...plain, metadata: {} })));
  });
});

test("source is text whether kept as a string or as lines", () => {
  expect(sourceOf(readNotebook(JSON.stringify(plain)).cells[0]!)).toBe("const x = 1\nx");
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r") }), (text) => {
      expect(linesOf(text).join("")).toBe(text);
      expect(
        linesOf(text)
          .slice(0, -1)
          .every((line) => line.endsWith("\n")),
      ).toBe(true);
    }),
    { seed: 1 },
  );
});

function randomNotebook(): fc.Arbitrary<Record<string, unknown>> {
  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  const metadata = fc.dictionary(fc.string({ maxLength: 4 }), json, { maxKeys: 3, noNullPrototype: true });
  const source = fc.oneof(text, fc.array(text, { maxLength: 3 }));
  const cell = fc.record({
    cell_type: fc.constantFrom("code", "markdown", "raw"),
    id: fc.constantFrom("a", "b", "c", "d"),
    metadata,
    outputs: fc.array(json, { maxLength: 2 }),
    source,
  });
  return fc.record({
    cells: fc.array(cell, { maxLength: 4 }),
    metadata,
    nbformat: fc.constant(4),
    nbformat_minor: fc.constantFrom(4, 5),
  });
}

function randomLayout(): fc.Arbitrary<(value: unknown) => string> {
  const style = fc.record({
    indent: fc.constantFrom("", " ", "  ", "\t"),
    newline: fc.constantFrom("\n", "\r\n"),
    colon: fc.constantFrom(":", ": "),
    comma: fc.constantFrom(",", ", "),
    ascii: fc.boolean(),
  });
  return fc.tuple(style, fc.constantFrom("", "\n")).map(
    ([style, end]) =>
      (value: unknown) =>
        formatJson(value, style) + end,
  );
}
