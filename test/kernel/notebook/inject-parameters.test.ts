import { describe, expect, test } from "vitest";
import { declaredVariables } from "../../../kernel/notebook/declared-variables.ts";
import { injectParameters, parameterValue, readParameters } from "../../../kernel/notebook/inject-parameters.ts";
import { sourceOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";

const parameters =
  "let rows = 100; // customers\nlet label: string | null = null;\nconst mode = 'fast';\nvar { a, b: [c] } = {};";

function notebook(source = parameters, minor = 5) {
  const cell = (id: string, tags: string[], text: string) => ({
    cell_type: "code",
    execution_count: null,
    ...(minor >= 5 && { id }),
    metadata: tags.length > 0 ? { tags } : {},
    outputs: [],
    source: [text],
  });
  const cells = [cell("top", [], "1"), cell("knobs", ["parameters"], source), cell("rest", [], "rows")];
  return readNotebook(`${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: minor }, null, 1)}\n`);
}

describe("injected parameters", () => {
  test("stand in a tagged cell right after the parameters, declared as they are there", () => {
    const { cells } = injectParameters(notebook(), { mode: "slow", rows: 5, label: null, c: [1, { x: "y" }] });
    expect(cells.map(({ id }) => id)).toEqual(["top", "knobs", "injected-parameters", "rest"]);
    expect(cells[2]!.metadata).toEqual({ tags: ["injected-parameters"] });
    expect(sourceOf(cells[2]!).split("\n")).toEqual([
      "// Parameters",
      'const mode: string = "slow";',
      "let rows = 5;",
      "let label: string | null = null;",
      'var c = [1,{"x":"y"}];',
    ]);
  });

  test("replace those of the run before, and the rest of the file stays as it was", () => {
    const first = writeNotebook(injectParameters(notebook(), { rows: 5 }));
    const again = writeNotebook(injectParameters(readNotebook(first), { rows: 60 }));
    expect(again).toBe(first.replace("let rows = 5;", "let rows = 60;"));
    const old = writeNotebook(notebook()).split("\n");
    expect(first.split("\n").filter((line) => !old.includes(line))).toEqual([
      '   "id": "injected-parameters",',
      '     "injected-parameters"',
      '    "// Parameters\\n",',
      '    "let rows = 5;"',
    ]);
  });

  test("change nothing when there are none", () => {
    const before = notebook();
    expect(injectParameters(before, {})).toBe(before);
  });

  test("have no id where the notebook's format has none, and a free one where theirs is taken", () => {
    expect(injectParameters(notebook(parameters, 4), { rows: 1 }).cells[2]).not.toHaveProperty("id");
    const taken = notebook();
    taken.cells[0]!.id = "injected-parameters";
    expect(injectParameters(taken, { rows: 1 }).cells[2]!.id).toBe("injected-parameters-2");
  });

  test("must be declared in the parameters cell", () => {
    expect(() => injectParameters(notebook(), { row: 1 }, { name: "x.ipynb" })).toThrow(
      'Cannot set parameter "row" of x.ipynb: found no such variable in its parameters cell, expected rows, label, mode, a, c',
    );
    const none = notebook();
    none.cells[1]!.metadata = {};
    expect(() => injectParameters(none, { rows: 1 })).toThrow("found no cell tagged parameters");
    expect(() => injectParameters(notebook("let = ;"), { rows: 1 })).toThrow("Cannot read the parameters cell");
  });

  test("a prototype is no value", () => {
    const { cells } = injectParameters(notebook(), { rows: JSON.parse('{"__proto__": 1}') });
    expect(sourceOf(cells[2]!)).toContain('let rows = JSON.parse("{\\"__proto__\\":1}");');
  });
});

test("a parameter's value is JSON, else the text itself", () => {
  expect(["5", "true", "null", '"5"', "[1]", "fast", "", "5 kg", "{a}"].map(parameterValue)).toEqual([
    5,
    true,
    null,
    "5",
    [1],
    "fast",
    "",
    "5 kg",
    "{a}",
  ]);
});

test("a cell's variables are those of its top level, with keyword and type", () => {
  expect(
    declaredVariables(
      "export const a: Map<string, number> = f()\nfunction g() { let no }\nif (1) { let no }\nlet [b, ...c] = a, { d = 1, ...e } = a",
    ),
  ).toEqual([
    { name: "a", keyword: "const", type: "Map<string, number>" },
    ...["b", "c", "d", "e"].map((name) => ({ name, keyword: "let" })),
  ]);
  expect(readParameters(notebook()).map(({ name }) => name)).toEqual(["rows", "label", "mode", "a", "c"]);
});
