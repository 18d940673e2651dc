// Named steps, one after the other: transformers and, last, a classifier.
import type { Matrix } from "../core/matrix.ts";
import type { Transformer } from "../prepare/transformer.ts";
import { type AdditiveMargin, additivePositive, foldMargin } from "./additive-margin.ts";
import { bothClasses, type Classifier, isLinear, labelsOf } from "./classifier.ts";

/** Step name → step, in order; the last is a classifier. */
export type PipelineSteps = { readonly [name: string]: Transformer | Classifier };

export interface PipelineState {
  readonly kind: "Pipeline";
  readonly steps: readonly { readonly name: string; readonly step: { readonly kind: string } }[];
}

/**
 * @example
 * new Pipeline({ oneHot: new OneHotEncoder({ categories }), scale: new StandardScaler(), classify: new LogisticRegression() })
 */
export class Pipeline<S extends PipelineSteps = PipelineSteps> implements Classifier {
  /** By name: `pipeline.steps.classify.coef`. */
  readonly steps: S;
  /** Folded on first use after a fit. */
  #folded: { readonly margin: AdditiveMargin | undefined } | undefined;

  /** @throws TypeError a step before the last is no transformer, or the last no classifier */
  constructor(steps: S) {
    requireSteps(steps);
    this.steps = steps;
  }

  /** The log-odds as one sum over the input's columns; undefined when the fitted steps are no such sum. */
  get margin(): AdditiveMargin | undefined {
    this.#folded ??= { margin: this.#fold() };
    return this.#folded.margin;
  }

  fit(X: Matrix, y: ArrayLike<number>): this {
    let values = X;
    for (const transformer of this.#transformers) values = transformer.fitTransform(values);
    this.#classifier.fit(values, y);
    this.#folded = undefined;
    return this;
  }

  /** What the classifier gets to see. */
  transform(X: Matrix): Matrix {
    return this.#transformers.reduce((values, transformer) => transformer.transform(values), X);
  }

  predict(X: Matrix): Float64Array {
    return labelsOf(this.positive(X));
  }

  predictProba(X: Matrix): Matrix {
    return bothClasses(this.positive(X));
  }

  // plain: this.#classifier.positive(this.transform(X))
  positive(X: Matrix): Float64Array {
    const { margin } = this;
    return margin ? additivePositive(margin, X) : this.#classifier.positive(this.transform(X));
  }

  clone(): Pipeline {
    return new Pipeline(Object.fromEntries(Object.entries(this.steps).map(([name, step]) => [name, step.clone()])));
  }

  toJSON(): PipelineState {
    const steps = Object.entries(this.steps).map(([name, step]) => ({ name, step: step.toJSON() }));
    return { kind: "Pipeline", steps };
  }

  get #transformers(): Transformer[] {
    return Object.values(this.steps).slice(0, -1) as Transformer[];
  }

  get #classifier(): Classifier {
    return Object.values(this.steps).at(-1) as Classifier;
  }

  #fold(): AdditiveMargin | undefined {
    const classifier = this.#classifier;
    return isLinear(classifier) ? foldMargin(this.#transformers, classifier.coef, classifier.intercept) : undefined;
  }
}

function requireSteps(steps: PipelineSteps): void {
  const entries = Object.entries(steps);
  for (const [i, [name, step]] of entries.entries()) {
    const last = i === entries.length - 1;
    if (/^\d+$/.test(name)) {
      throw new TypeError(
        `Cannot make a pipeline: found step name "${name}", expected a word, for numbers lose their order`,
      );
    }
    if (typeof (step as Partial<Transformer & Classifier>)[last ? "positive" : "transform"] === "function") continue;
    throw new TypeError(
      `Cannot make a pipeline: found step "${name}", expected a ${last ? "classifier last" : "transformer"}`,
    );
  }
  if (entries.length === 0)
    throw new TypeError("Cannot make a pipeline: found no steps, expected a classifier at least");
}
