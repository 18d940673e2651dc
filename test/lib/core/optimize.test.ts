import { describe, expect, test } from "vitest";
import { lbfgs, type Objective } from "../../../lib/core/optimize.ts";

describe("lbfgs", () => {
  test("finds the bottom of Rosenbrock's valley", () => {
    const found = lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIter: 200 });
    expect(found.converged).toBe(true);
    expect(found.x[0]).toBeCloseTo(1, 7);
    expect(found.x[1]).toBeCloseTo(1, 7);
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-8);
  });

  test("finds it in twenty dimensions too", () => {
    const found = lbfgs(rosenbrock, new Float64Array(20).fill(-1), { maxIter: 1000 });
    for (const x of found.x) expect(x).toBeCloseTo(1, 5);
  });

  test("minimises a badly scaled bowl, in fewer steps when told its curvature", () => {
    const plain = lbfgs(bowl, new Float64Array(30).fill(1), { maxIter: 2000 });
    const told = lbfgs(bowl, new Float64Array(30).fill(1), {
      precondition: (v) => v.set(v.map((value, i) => value / scaleOf(i))),
    });
    for (const found of [plain, told]) {
      expect(found.converged).toBe(true);
      for (const [i, x] of found.x.entries()) expect(x).toBeCloseTo(i, 4);
    }
    expect(told.iterations).toBeLessThanOrEqual(2);
    expect(told.iterations).toBeLessThan(plain.iterations);
  });

  test("goes on where values no longer differ but slopes do", () => {
    const high: Objective = (x, gradient) => {
      gradient[0] = 1e-7 * (x[0]! - 3);
      return 1e6 + (1e-7 * (x[0]! - 3) ** 2) / 2;
    };
    const found = lbfgs(high, Float64Array.of(0), { tolerance: 1e-12 });
    expect(found.converged).toBe(true);
    expect(found.x[0]).toBeCloseTo(3, 4);
  });

  test("never ends higher than it started, and says when it was stopped early", () => {
    const found = lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIter: 3 });
    expect(found).toMatchObject({ converged: false, iterations: 3 });
    expect(found.value).toBeLessThan(rosenbrock(Float64Array.of(-1.2, 1), new Float64Array(2)));
  });

  test("stays where it is at a minimum", () => {
    const found = lbfgs(rosenbrock, Float64Array.of(1, 1));
    expect(found).toMatchObject({ converged: true, iterations: 0, evaluations: 1 });
  });

  test("does not run away from a step into infinity", () => {
    const barrier: Objective = (x, gradient) => {
      gradient[0] = 1 - 1 / x[0]!;
      return x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Number.POSITIVE_INFINITY;
    };
    expect(lbfgs(barrier, Float64Array.of(30)).x[0]).toBeCloseTo(1, 7);
  });

  test("leaves the start as it was", () => {
    const start = Float64Array.of(-1.2, 1);
    lbfgs(rosenbrock, start);
    expect(start).toEqual(Float64Array.of(-1.2, 1));
  });
});

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1]! - x[i]! ** 2;
    value += 100 * valley ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * valley - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * valley;
  }
  return value;
};

const scaleOf = (i: number) => 10 ** ((i % 5) - 2);

/** Minimum at xᵢ = i. */
const bowl: Objective = (x, gradient) => {
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    gradient[i] = scaleOf(i) * (x[i]! - i);
    value += (scaleOf(i) * (x[i]! - i) ** 2) / 2;
  }
  return value;
};
