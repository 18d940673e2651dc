import { describe, expect, test } from "vitest";
import { Patch } from "../../../kernel/evaluator/patch.ts";
import fc from "../../support/fast-check.ts";

describe("Patch", () => {
  test("nests brackets as they were given, from the outside in", () => {
    const patch = new Patch("abc");
    patch.wrap(0, 3, "(", ")");
    patch.wrap(0, 2, "[", "]");
    patch.wrap(1, 2, "{", "}");
    expect(patch.build().text).toBe("([a{b}]c)");
  });

  test("moves a range to the front, edits inside it included", () => {
    const patch = new Patch("one TWO three");
    patch.replace(5, 6, "w");
    patch.replace(0, 1, "O");
    patch.hoist(4, 7, "<", ">");
    patch.head("head ");
    const { text, toSource } = patch.build();
    expect(text).toBe("head <TwO>One  three");
    expect([text.indexOf("T"), text.indexOf("ne"), text.indexOf("three")].map(toSource)).toEqual([4, 1, 8]);
    expect(toSource(text.indexOf("<"))).toBe(4);
  });

  test("what was copied knows its place", () => {
    const edits = fc.array(fc.record({ at: fc.nat(30), length: fc.nat(3), text: fc.constantFrom("", "#", "##") }));
    fc.assert(
      fc.property(edits, (edits) => {
        const source = "abcdefghijklmnopqrstuvwxyz01234";
        const patch = new Patch(source);
        for (const { at, length, text } of edits) patch.replace(at, Math.min(at + length, source.length), text);
        const { text, toSource } = patch.build();
        for (const [i, character] of [...text].entries())
          if (character !== "#") expect(source[toSource(i)]).toBe(character);
      }),
    );
  });
});
