import { describe, expect, test } from "vitest";
import { listOf, quote, requireFinite, requirePositiveInteger, requireSameLength } from "../../../lib/core/check.ts";

describe("check", () => {
  test("lets pass what fits", () => {
    expect(() => requireSameLength("labels", [1, 2], "scores", new Float64Array(2))).not.toThrow();
    expect(() => requirePositiveInteger("bins", 3)).not.toThrow();
    expect(() => requireFinite("scores", [0, -1.5])).not.toThrow();
  });

  test("says what was found and what was expected", () => {
    expect(() => requireSameLength("labels", [1], "scores", [])).toThrow(
      "Cannot pair labels with scores: found 1 and 0 values, expected as many",
    );
    for (const value of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => requirePositiveInteger("bins", value)).toThrow(
        `Cannot use bins: found ${value}, expected a positive integer`,
      );
    }
    expect(() => requireFinite("scores", [1, Number.NaN])).toThrow("found NaN at position 1, expected finite numbers");
  });

  test("shortens long text and long lists", () => {
    expect(quote("a".repeat(100))).toHaveLength(62);
    expect(quote('say "hi"')).toBe('"say \\"hi\\""');
    expect(listOf([])).toBe("nothing");
    expect(listOf(["age", "sex"])).toBe('"age", "sex"');
    expect(listOf(Array.from({ length: 15 }, (_, i) => `c${i}`))).toMatch(/"c11" and 3 more$/);
  });
});
