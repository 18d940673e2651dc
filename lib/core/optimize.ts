// L-BFGS: minimises a smooth function of many variables from its gradients.
// Knows no models. Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4, 7.5, 3.5 and 3.6; near the
// minimum, where values no longer differ, the line search goes by slopes (Hager and Zhang 2005, the approximate Wolfe condition).
import { dot, maxAbs } from "./linear-algebra.ts";

/** The value at `x`; writes the gradient into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Converged when no component of the gradient is larger. Default 1e-8. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIter?: number;
  /** How many past steps shape the next one. Default 10. */
  readonly memory?: number;
  /** Multiplies `v`, in place, by a fixed guess of the inverse Hessian. Default: the identity. */
  readonly precondition?: (v: Float64Array) => void;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Largest component of the gradient at `x`. */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** How often the objective was asked. */
  readonly evaluations: number;
  readonly converged: boolean;
}

interface Point {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** One past step: where x and the gradient went, and 1 / sᵀy. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** A trial on the line: how far, and the slope there. */
interface Trial {
  readonly t: number;
  readonly slope: number;
  readonly point: Point;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
/** Values nearer than this share of themselves count as equal: sums of thousands of terms know no more. */
const noise = 1e-13;
const maxTrials = 40;

/**
 * Minimises `objective` from `start`.
 *
 * Stops when the gradient is small enough, after `maxIter` steps, or when no step along the gradient improves.
 */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Minimum {
  const { tolerance = 1e-8, maxIter = 100, memory = 10, precondition } = options;
  let evaluations = 0;
  const at = (x: Float64Array): Point => {
    evaluations++;
    const gradient = new Float64Array(x.length);
    return { x, value: objective(x, gradient), gradient };
  };

  let here = at(Float64Array.from(start));
  let pairs: Pair[] = [];
  let iterations = 0;
  while (iterations < maxIter && maxAbs(here.gradient) > tolerance) {
    const direction = descentDirection(here.gradient, pairs, precondition);
    const unscaled = pairs.length === 0 && !precondition;
    const next = searchLine(at, here, direction, unscaled ? Math.min(1, 1 / norm(direction)) : 1);
    if (!next && pairs.length === 0) break; // not even the plain direction improves: as good as it gets
    pairs = next ? remember(pairs, here, next, memory) : [];
    if (!next) continue;
    here = next;
    iterations++;
  }
  const gradientNorm = maxAbs(here.gradient);
  return { x: here.x, value: here.value, gradientNorm, iterations, evaluations, converged: gradientNorm <= tolerance };
}

/** −H·g, where H is the inverse Hessian that the past steps tell (algorithm 7.4). */
function descentDirection(
  gradient: Float64Array,
  pairs: readonly Pair[],
  precondition: LbfgsOptions["precondition"],
): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    addScaled(q, -alpha, y);
  }
  precondition?.(q);
  const latest = pairs.at(-1);
  if (latest) scale(q, lengthAlong(latest, precondition));
  for (const [i, { s, y, rho }] of pairs.entries()) addScaled(q, alphas[i]! - rho * dot(y, q), s);
  return q;
}

/** sᵀy / yᵀH₀y: makes the guess as large as the latest step says it is (equation 7.20). */
function lengthAlong({ y, rho }: Pair, precondition: LbfgsOptions["precondition"]): number {
  const guessed = Float64Array.from(y);
  precondition?.(guessed);
  return 1 / (rho * dot(y, guessed));
}

function remember(pairs: readonly Pair[], from: Point, to: Point, memory: number): Pair[] {
  const s = to.x.map((value, i) => value - from.x[i]!);
  const y = to.gradient.map((value, i) => value - from.gradient[i]!);
  const sy = dot(s, y);
  if (!(sy > Number.MIN_VALUE)) return [...pairs];
  return [...pairs, { s, y, rho: 1 / sy }].slice(-memory);
}

/** A point along `direction` under the strong Wolfe conditions; undefined when there is none to be found. */
function searchLine(
  at: (x: Float64Array) => Point,
  from: Point,
  direction: Float64Array,
  first: number,
): Point | undefined {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  let low: Trial = { t: 0, slope, point: from };
  let high: Trial | undefined;
  for (let trial = 0, t = first; trial < maxTrials; trial++) {
    const point = at(from.x.map((value, i) => value + t * direction[i]!));
    const here: Trial = { t, slope: dot(point.gradient, direction), point };
    if (!decreases(from.value, slope, here)) high = here;
    else if (here.slope < curvature * slope) low = here;
    else if (here.slope > -curvature * slope) high = here;
    else return point;
    t = high ? between(low, high) : 3 * t;
  }
  return low.t > 0 ? low.point : undefined;
}

function decreases(value: number, slope: number, trial: Trial): boolean {
  if (trial.point.value <= value + sufficientDecrease * trial.t * slope) return true;
  const level = trial.point.value <= value + noise * Math.abs(value);
  return level && trial.slope <= (2 * sufficientDecrease - 1) * slope;
}

/** Where the slope would be zero if it grew evenly, kept off both ends. */
function between(low: Trial, high: Trial): number {
  const secant = high.slope > 0 ? low.slope / (low.slope - high.slope) : 0.5;
  return low.t + (high.t - low.t) * Math.min(0.9, Math.max(0.1, secant));
}

function addScaled(x: Float64Array, factor: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += factor * y[i]!;
}

function scale(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
}

function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}
