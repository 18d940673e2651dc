import { describe, expect, test } from "vitest";
import { inspectValue, toBundle, withoutAsyncIds } from "../../../kernel/evaluator/values.ts";

const display = Symbol.for("Jupyter.display");

describe("toBundle", () => {
  test("asks the value, a function too, else inspects it", async () => {
    expect(toBundle({ [display]: () => ({ "text/html": "x" }) })).toEqual({ "text/html": "x" });
    expect(toBundle(Object.assign(() => {}, { [display]: () => ({ a: 1 }) }))).toEqual({ a: 1 });
    expect(await toBundle({ [display]: async () => ({ late: true }) })).toEqual({ late: true });
    expect(toBundle({ a: [1, "b"] })).toEqual({ "text/plain": "{ a: [ 1, 'b' ] }" });
    expect(toBundle(null)).toEqual({ "text/plain": "null" });
  });

  test("refuses what is no bundle", async () => {
    expect(() => toBundle({ [display]: () => "text" })).toThrow(
      "its Jupyter.display gave 'text', expected {mime type: data}",
    );
    await expect(toBundle({ [display]: async () => [1] })).rejects.toThrow("gave [ 1 ]");
  });
});

describe("inspectValue", () => {
  test("stays within limits", () => {
    expect(inspectValue(Array.from({ length: 1000 }, () => 0))).toContain("900 more items");
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
    expect(inspectValue(wide)).toMatch(/key199: 199\n\}\n… 49,800 more keys$/);
    expect(inspectValue({ text: Array.from({ length: 100 }, () => "x".repeat(9999)) })).toMatch(
      /… \d+ more characters$/,
    );
  });

  test("does not list what Node's hooks leave on promises", () => {
    const text = "Promise {\n  { a: 1 },\n  [Symbol(async_id_symbol)]: 13,\n  [Symbol(trigger_async_id_symbol)]: 1\n}";
    expect(withoutAsyncIds(text)).toBe("Promise { { a: 1 } }");
    expect(withoutAsyncIds("plain")).toBe("plain");
  });
});
