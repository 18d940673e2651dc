// Logistic regression for two classes.

import { requireFinite, requirePositiveInteger, requireSameLength } from "../core/check.ts";
import { maxAbs } from "../core/linear-algebra.ts";
import type { Matrix } from "../core/matrix.ts";
import { requireColumns, requireFitted } from "../prepare/transformer.ts";
import { bothClasses, type LinearClassifier, labelsOf, requireBinaryLabels, sigmoid } from "./classifier.ts";
import { descend } from "./gradient-descent.ts";
import { logisticDesign } from "./logistic-design.ts";
import { fitLogistic, logisticLoss } from "./logistic-loss.ts";

export interface LogisticRegressionOptions {
  /**
   * `lbfgs`: until the gradient vanishes. `gd`: the package ml-logistic-regression, which takes `maxIter` fixed steps without
   * intercept or penalty (`C` and `fitIntercept` do not apply, a `C` is refused). Default `lbfgs`.
   */
  readonly solver?: "lbfgs" | "gd";
  /** Inverse strength of the L2 penalty; the intercept is not penalised. Default 1. */
  readonly C?: number;
  /** Default true. */
  readonly fitIntercept?: boolean;
  /** Converged when no component of the gradient (of mean log loss + |w|²/(2Cn)) is larger. Default 1e-8. */
  readonly tol?: number;
  /** Steps at most. Default 100. */
  readonly maxIter?: number;
  /** Of solver `gd`: step per summed gradient. Default 5e-4, the package's. */
  readonly learningRate?: number;
}

export interface LogisticRegressionState {
  readonly kind: "LogisticRegression";
  readonly options: LogisticRegressionOptions;
  readonly fitted?: {
    readonly coef: ArrayLike<number>;
    readonly intercept: number;
    readonly nIter: number;
    readonly converged: boolean;
    readonly gradientNorm: number;
  };
}

/** What a fit has found. */
export interface LogisticFit {
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly gradientNorm: number;
}

const defaults = { solver: "lbfgs", C: 1, fitIntercept: true, tol: 1e-8, maxIter: 100, learningRate: 5e-4 } as const;

/** Named and scaled as in scikit-learn, but iterated until it has converged; `converged` says whether it has. */
export class LogisticRegression implements LinearClassifier {
  readonly options: LogisticRegressionOptions;
  #fitted: LogisticFit | undefined;

  /** @throws RangeError an option is out of its range */
  constructor(options: LogisticRegressionOptions = {}) {
    requireOptions(options);
    this.options = options;
  }

  /** Labels, in the order of `predictProba`'s columns. */
  get classes(): readonly number[] {
    return [0, 1];
  }

  get coef(): Float64Array {
    return this.#fit("read the weights").coef;
  }

  get intercept(): number {
    return this.#fit("read the intercept").intercept;
  }

  /** Steps taken. */
  get nIter(): number {
    return this.#fit("read the steps").nIter;
  }

  get converged(): boolean {
    return this.#fit("read the convergence").converged;
  }

  /** Largest component of the gradient where the fit ended. */
  get gradientNorm(): number {
    return this.#fit("read the gradient").gradientNorm;
  }

  /**
   * @throws RangeError lengths differ, a value is not finite, or the labels are not 0 and 1
   */
  fit(X: Matrix, y: ArrayLike<number>): this {
    requireSameLength("rows", { length: X.rows }, "labels", y);
    requireFinite("the matrix", X.data);
    requireBinaryLabels(y);
    const options = { ...defaults, ...this.options };
    this.#fitted = options.solver === "gd" ? byGradientDescent(X, y, options) : byLbfgs(X, y, options);
    return this;
  }

  predict(X: Matrix): Float64Array {
    return labelsOf(this.positive(X));
  }

  predictProba(X: Matrix): Matrix {
    return bothClasses(this.positive(X));
  }

  positive(X: Matrix): Float64Array {
    return this.decision(X).map(sigmoid);
  }

  /** Log-odds of label 1. */
  decision(X: Matrix): Float64Array {
    const { coef, intercept } = this.#fit("predict");
    requireColumns("predict", X, coef.length);
    const margins = new Float64Array(X.rows);
    for (let i = 0, k = 0; i < X.rows; i++) {
      let z = intercept;
      for (let j = 0; j < X.columns; j++, k++) z += coef[j]! * X.data[k]!;
      margins[i] = z;
    }
    return margins;
  }

  clone(): LogisticRegression {
    return new LogisticRegression(this.options);
  }

  toJSON(): LogisticRegressionState {
    const { options } = this;
    if (!this.#fitted) return { kind: "LogisticRegression", options };
    return { kind: "LogisticRegression", options, fitted: { ...this.#fitted, coef: Array.from(this.#fitted.coef) } };
  }

  static fromJSON({ options, fitted }: LogisticRegressionState): LogisticRegression {
    const regression = new LogisticRegression(options);
    return fitted ? regression.withFit({ ...fitted, coef: Float64Array.from(fitted.coef) }) : regression;
  }

  /** Takes over what another fit has found, as LogisticRegressionCV does with its best. */
  withFit(fitted: LogisticFit): this {
    this.#fitted = fitted;
    return this;
  }

  #fit(doing: string): LogisticFit {
    return requireFitted(doing, this.#fitted);
  }
}

type Complete = Required<LogisticRegressionOptions>;

function byLbfgs(X: Matrix, y: ArrayLike<number>, options: Complete): LogisticFit {
  const minimum = fitLogistic(logisticDesign(X), y, options);
  return toFit(minimum.x, minimum.iterations, minimum.gradientNorm, minimum.converged);
}

function byGradientDescent(X: Matrix, y: ArrayLike<number>, options: Complete): LogisticFit {
  const coef = descend(X, y, options);
  const gradient = new Float64Array(X.columns + 1);
  logisticLoss(logisticDesign(X), y, 0, false)(Float64Array.of(...coef, 0), gradient);
  const gradientNorm = maxAbs(gradient);
  return { coef, intercept: 0, nIter: options.maxIter, gradientNorm, converged: gradientNorm <= options.tol };
}

/** @param x weights and, last, the intercept */
export function toFit(x: Float64Array, nIter: number, gradientNorm: number, converged: boolean): LogisticFit {
  return { coef: x.slice(0, -1), intercept: x.at(-1)!, nIter, gradientNorm, converged };
}

function requireOptions({ solver, C, tol, maxIter, learningRate }: LogisticRegressionOptions): void {
  if (solver !== undefined && solver !== "lbfgs" && solver !== "gd") {
    throw new RangeError(`Cannot use solver ${JSON.stringify(solver)}: expected "lbfgs" or "gd"`);
  }
  if (solver === "gd" && C !== undefined) {
    throw new RangeError('Cannot use C with solver "gd": ml-logistic-regression has no penalty');
  }
  if (maxIter !== undefined) requirePositiveInteger("maxIter", maxIter);
  for (const [name, value] of Object.entries({ C, tol, learningRate })) {
    if (value === undefined || (value > 0 && Number.isFinite(value))) continue;
    throw new RangeError(`Cannot use ${name}: found ${value}, expected a positive number`);
  }
}
