import { describe, expect, test } from "vitest";
import { chiSquaredTail, kolmogorovTail, normalTails } from "../../../lib/core/distributions.ts";

/** Agrees to so many digits, however small the value. */
function expectDigits(found: number, expected: number, digits: number): void {
  expect(Math.abs(found / expected - 1), `${found} for ${expected}`).toBeLessThan(10 ** -digits);
}

describe("distributions", () => {
  test("χ² has its published critical values (NIST handbook, 1.3.6.7.4)", () => {
    for (const [degrees, at10, at5, at1, at01] of [
      [1, 2.706, 3.841, 6.635, 10.828],
      [2, 4.605, 5.991, 9.21, 13.816],
      [5, 9.236, 11.07, 15.086, 20.515],
      [10, 15.987, 18.307, 23.209, 29.588],
      [30, 40.256, 43.773, 50.892, 59.703],
      [100, 118.498, 124.342, 135.807, 149.449],
    ] as const) {
      expect(chiSquaredTail(at10, degrees)).toBeCloseTo(0.1, 4);
      expect(chiSquaredTail(at5, degrees)).toBeCloseTo(0.05, 4);
      expect(chiSquaredTail(at1, degrees)).toBeCloseTo(0.01, 5);
      expect(chiSquaredTail(at01, degrees)).toBeCloseTo(0.001, 5);
    }
  });

  test("χ² of two degrees is e to the minus half, of four half more", () => {
    for (const x of [1e-6, 0.5, 3, 20, 400]) {
      expectDigits(chiSquaredTail(x, 2), Math.exp(-x / 2), 13);
      expectDigits(chiSquaredTail(x, 4), Math.exp(-x / 2) * (1 + x / 2), 13);
    }
    expect(chiSquaredTail(0, 3)).toBe(1);
    expect(chiSquaredTail(-1, 3)).toBe(1);
  });

  test("both tails of the normal distribution are the published ones", () => {
    for (const [z, tails] of [
      [0, 1],
      [0.6744897501960817, 0.5],
      [1.6448536269514722, 0.1],
      [1.959963984540054, 0.05],
      [2.5758293035489004, 0.01],
      [-3.2905267314919255, 0.001],
      [6, 1.973175290075e-9],
    ] as const) {
      expectDigits(normalTails(z), tails, 11);
    }
  });

  test("Kolmogorov's distribution has its published critical values (Smirnov 1948)", () => {
    for (const [x, tail] of [
      [0.8276, 0.5],
      [1.2238, 0.1],
      [1.3581, 0.05],
      [1.6276, 0.01],
      [1.9495, 0.001],
    ] as const) {
      expect(kolmogorovTail(x)).toBeCloseTo(tail, 3);
    }
    expect(kolmogorovTail(0)).toBe(1);
    expect(kolmogorovTail(0.05)).toBe(1);
    expect(kolmogorovTail(1 - 1e-12)).toBeCloseTo(kolmogorovTail(1 + 1e-12), 10); // the two series meet
  });
});
