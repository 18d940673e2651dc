// What every transformer of a matrix can do. Learn on training rows, apply anywhere.
import type { Matrix } from "../core/matrix.ts";

export interface Transformer {
  fit(X: Matrix): this;
  /** @throws Error before `fit` */
  transform(X: Matrix): Matrix;
  fitTransform(X: Matrix): Matrix;
  /** A new one with the same options, not fitted. */
  clone(): Transformer;
  toJSON(): { readonly kind: string };
}

/** @throws RangeError the matrix has another number of columns than the one learned from */
export function requireColumns(doing: string, X: Matrix, columns: number): void {
  if (X.columns === columns) return;
  throw new RangeError(`Cannot ${doing}: found ${X.columns} columns, expected ${columns} as in fit`);
}

/** @throws Error `fitted` is missing */
export function requireFitted<T>(doing: string, fitted: T | undefined): T {
  if (fitted !== undefined) return fitted;
  throw new Error(`Cannot ${doing}: found an unfitted one, expected fit() before`);
}
