import { describe, expect, test } from "vitest";
import { driftStrength } from "../../../lib/simulation/drift.ts";

const strengths = (profile: Parameters<typeof driftStrength>[0], calls = 101) =>
  Array.from({ length: calls }, (_, i) => driftStrength(profile, i + 1, calls));

describe("driftStrength", () => {
  test("rises evenly from nothing to all when gradual", () => {
    expect(strengths({})[0]).toBe(0);
    expect(strengths({})[50]).toBeCloseTo(0.5);
    expect(strengths({}).at(-1)).toBe(1);
    expect(
      strengths({ from: 0.5 })
        .slice(0, 50)
        .every((r) => r === 0),
    ).toBe(true);
    expect(strengths({ from: 0.5 })[75]).toBeCloseTo(0.5);
  });

  test("jumps in the middle when sudden", () => {
    const sudden = strengths({ profile: "sudden", strength: 0.4 });
    expect(new Set(sudden.slice(0, 50))).toEqual(new Set([0]));
    expect(new Set(sudden.slice(50))).toEqual(new Set([0.4]));
  });

  test("comes and goes when seasonal", () => {
    const seasonal = strengths({ profile: "seasonal", cycles: 2 });
    expect([0, 25, 50, 75, 100].map((at) => Math.round(seasonal[at]! * 1e6) / 1e6)).toEqual([0, 1, 0, 1, 0]);
  });

  test("refuses shares outside 0 to 1", () => {
    expect(() => driftStrength({ strength: 1.5 }, 1, 2)).toThrow("found strength 1.5, expected 0 to 1");
    expect(() => driftStrength({ from: -1 }, 1, 2)).toThrow("found from -1, expected 0 to 1");
    expect(() => driftStrength({ profile: "seasonal", cycles: 0 }, 1, 2)).toThrow("found cycles 0");
  });
});
