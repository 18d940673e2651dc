// How good a model was over time: a score for every so many calls.
import { requirePositiveInteger, requireSameLength } from "../core/check.ts";
import { accuracy } from "../metrics/confusion-matrix.ts";

export interface WindowScore {
  /** Positions of the window's first and last call. */
  readonly first: number;
  readonly last: number;
  readonly calls: number;
  readonly score: number;
  /** The last window, when calls for a whole one have not come yet. */
  readonly partial: boolean;
}

export interface WindowOptions {
  /** Default 100. */
  readonly windowCalls?: number;
  /** Default accuracy. */
  readonly score?: (labels: ArrayLike<number>, predicted: ArrayLike<number>) => number;
}

/**
 * A score per window of calls, the last short window too.
 *
 * @param labels what was true, coded as numbers, in the order of the calls
 * @param predicted what the model said
 * @throws RangeError the two differ in length, or windowCalls is no positive integer
 */
export function scoreByWindow(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { windowCalls = 100, score = accuracy }: WindowOptions = {},
): WindowScore[] {
  requireSameLength("labels", labels, "predicted", predicted);
  requirePositiveInteger("windowCalls", windowCalls);
  const [truth, said] = [Array.from(labels), Array.from(predicted)];
  const windows: WindowScore[] = [];
  for (let first = 0; first < truth.length; first += windowCalls) {
    const end = Math.min(first + windowCalls, truth.length);
    windows.push({
      first,
      last: end - 1,
      calls: end - first,
      score: score(truth.slice(first, end), said.slice(first, end)),
      partial: end - first < windowCalls,
    });
  }
  return windows;
}
