// The package comes without types; these are the ones we use.
declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";

  export default class LogisticRegression {
    constructor(options?: { numSteps?: number; learningRate?: number });
    train(X: Matrix, Y: Matrix): void;
    toJSON(): { classifiers: readonly { weights: Matrix | null }[] };
  }
}
