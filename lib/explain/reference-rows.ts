// Some of the rows a model learnt from, to travel with it: what later inputs are compared with when drift is looked for.
import type { ReferenceRows } from "../contract/monitoring.ts";
import { type Matrix, takeRows } from "../core/matrix.ts";
import { permutation, seededRandom } from "../core/random.ts";
import type { Categories } from "../prepare/categorical-encoder.ts";

/** Feature → values, categories as codes: a saved model keeps them as plain numbers. */
export type CodedRows = { readonly [feature: string]: ArrayLike<number> };

/** As many rows tell a distribution well enough, and weigh little in a build. */
const most = 1000;

/**
 * A seeded choice of at most 1,000 rows, in their order.
 *
 * @param X coded rows, its columns named
 */
export function sampleReference(X: Matrix, seed = 0): CodedRows {
  const chosen = permutation(X.rows, seededRandom(seed)).slice(0, most).sort();
  const { rows, columns, data } = takeRows(X, chosen);
  return Object.fromEntries(
    X.names!.map((name, j) => [name, Array.from({ length: rows }, (_, i) => data[i * columns + j]!)]),
  );
}

/** The rows as a request would say them: a category by its name. */
export function decodeReference(rows: CodedRows, categories: Categories): ReferenceRows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, values]) => {
      const names = Object.hasOwn(categories, name) ? categories[name] : undefined;
      return [name, Array.from(values, (value) => names?.[value] ?? value)];
    }),
  );
}
