// A part of a table's rows, drawn by a seed: half of them tell a plot as much as all.
import { permutation, seededRandom } from "../core/random.ts";
import { type FrameLike, rowsOf } from "../frame/columns.ts";
import { rowsAt } from "./drop-nulls.ts";

export interface SampleOptions {
  /** Share of the rows, rounded to whole rows. Default 0.5. */
  readonly fraction?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * A random part of the rows, without replacement, in the table's order.
 *
 * @throws RangeError the fraction is not in 0…1
 */
export function sampleRows<F extends FrameLike>(frame: F, { fraction = 0.5, seed = 0 }: SampleOptions = {}): F {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`Cannot sample rows: found fraction ${fraction}, expected 0 to 1`);
  }
  const rows = rowsOf(frame);
  return rowsAt(
    frame,
    permutation(rows, seededRandom(seed))
      .slice(0, Math.round(rows * fraction))
      .sort(),
  );
}
