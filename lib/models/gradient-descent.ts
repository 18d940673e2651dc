// The npm package ml-logistic-regression as a solver: gradient descent with a fixed step and a fixed number of steps. It has no
// intercept, no penalty and no test of convergence; it is offered to be compared with, not to be relied on.
/// <reference path="./ml-logistic-regression.d.ts" />
import { createRequire } from "node:module";
import type PackageRegression from "ml-logistic-regression";
import type { Matrix as PackageMatrix } from "ml-matrix";
import type { Matrix } from "../core/matrix.ts";

export interface GradientDescentOptions {
  /** Steps, all of them taken. */
  readonly maxIter: number;
  /** Step per summed gradient. */
  readonly learningRate: number;
}

/**
 * Weights after the last step.
 *
 * @param y 0 or 1 a row
 */
export function descend(
  X: Matrix,
  y: ArrayLike<number>,
  { maxIter, learningRate }: GradientDescentOptions,
): Float64Array {
  const { Regression, Matrix } = packages();
  const regression = new Regression({ numSteps: maxIter, learningRate });
  regression.train(new Matrix(rowsOf(X)), Matrix.columnVector(Array.from(y)));
  // One against all: the first of its classifiers learned "not 0" against 0.
  const { weights } = regression.toJSON().classifiers[0]!;
  return Float64Array.from(weights!.to1DArray());
}

/** Both packages, on first use; by require, so that `fit` stays synchronous and bundles of models stay small. */
function packages(): { Regression: typeof PackageRegression; Matrix: typeof PackageMatrix } {
  const load = createRequire(import.meta.url);
  const matrix = load("ml-matrix") as { Matrix: typeof PackageMatrix };
  return { Regression: load("ml-logistic-regression") as typeof PackageRegression, Matrix: matrix.Matrix };
}

function rowsOf({ rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
}
