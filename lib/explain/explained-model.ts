// A model that says why: it takes records as people write them, fills what they leave out, and stands a local explanation (LIME)
// and exact contributions beside each probability. Saved and loaded as one model folder; a served one needs no tables library.
// One file, for it is one class whose methods are thin over the rooms' own functions.
import type { ReferenceRows } from "../contract/monitoring.ts";
import type { ColumnSpec, JsonObject, Signature } from "../contract/signature.ts";
import type { Matrix } from "../core/matrix.ts";
import { type NumberStats, statsOf } from "../core/statistics.ts";
import { columnOf, type FrameLike } from "../frame/columns.ts";
import { type AdditiveMargin, marginOf } from "../models/additive-margin.ts";
import { type Classifier, sigmoid } from "../models/classifier.ts";
import { classifierFromJSON } from "../models/from-json.ts";
import { Pipeline } from "../models/pipeline.ts";
import { readModelFolder } from "../packaging/read-model-folder.ts";
import { writeModelFolder } from "../packaging/write-model-folder.ts";
import { CategoricalEncoder, type CategoricalEncoderState, type Categories } from "../prepare/categorical-encoder.ts";
import { type ExactContributions, exactContributions } from "./exact-contributions.ts";
import type { FeatureRange, FeatureRanges } from "./feature-range.ts";
import { LimeTabular, type LimeTabularState } from "./lime-tabular.ts";
import { expectedContributions } from "./linear-contributions.ts";
import { type FeatureRecord, RecordEncoder } from "./record-encoder.ts";
import { type CodedRows, decodeReference, sampleReference } from "./reference-rows.ts";
import { seedOf } from "./seed-of.ts";

export interface ExplainedModelParts {
  /** The cleaned rows: statistics, defaults and LIME's neighbourhoods come from them. */
  readonly data: FrameLike;
  /** Fitted: makes the matrix that the pipeline takes. */
  readonly encoder: CategoricalEncoder;
  /** Fitted on the encoder's matrix. */
  readonly pipeline: Classifier;
  /** What is predicted: `Churn`. */
  readonly label: string;
}

export interface ExplainOptions {
  /** Default: told from the record, so that the same request gets the same explanation. */
  readonly seed?: number;
  /** Rows that LIME draws. Default 5000. */
  readonly samples?: number;
  /** Features that LIME names. Default 10. */
  readonly features?: number;
}

/** Plain JSON all through. */
export interface Explained {
  /** The complete record that was predicted. */
  readonly data: FeatureRecord;
  readonly probability: number;
  /** LIME's weights by feature, by falling size: what each adds to the probability. */
  readonly explanation: { readonly [feature: string]: number };
  /** What each of LIME's weights speaks of: `tenure <= 9.00`. */
  readonly conditions: { readonly [feature: string]: string };
  /** Share of the model's behaviour around the record that LIME's linear model catches. */
  readonly r2: number;
  /** LIME's own prediction for the record, and its intercept. */
  readonly localPrediction: number;
  readonly intercept: number;
  /**
   * Exact, features in their order: with `base` they sum to the record's log-odds of a model that is a sum, to its probability
   * of a forest (`contributionUnit` says which). Other models have none.
   */
  readonly contributions?: { readonly [feature: string]: number };
  readonly contributionUnit?: "log-odds" | "probability";
  /** Of the average row, in the same unit. */
  readonly base?: number;
  readonly seed: number;
}

export interface ExplainedModelState {
  readonly kind: "ExplainedModel";
  readonly label: string;
  readonly encoder: CategoricalEncoderState;
  readonly pipeline: { readonly kind: string };
  readonly explainer: LimeTabularState;
  readonly stats: { readonly [feature: string]: NumberStats };
  readonly expected?: ArrayLike<number>;
  /** Absent in folders saved before there was one. */
  readonly reference?: CodedRows;
}

export class ExplainedModel {
  /** What is predicted. */
  readonly label: string;
  readonly encoder: CategoricalEncoder;
  readonly pipeline: Classifier;
  readonly explainer: LimeTabular;
  /** Of each number: median, mean, min, max, std. */
  readonly stats: { readonly [feature: string]: NumberStats };
  /** A complete record: the first category alphabetically, the median of a number. */
  readonly defaultData: FeatureRecord;
  readonly #records: RecordEncoder;
  readonly #margin: AdditiveMargin | undefined;
  readonly #expected: ArrayLike<number> | undefined;
  readonly #exact: ExactContributions | undefined;
  readonly #reference: CodedRows;

  private constructor(parts: Omit<ExplainedModelState, "kind" | "encoder" | "pipeline" | "explainer"> & Live) {
    this.label = parts.label;
    this.encoder = parts.encoder;
    this.pipeline = parts.pipeline;
    this.explainer = parts.explainer;
    this.stats = parts.stats;
    const medians = Object.entries(parts.stats).map(([name, { median }]) => [name, median]);
    this.#records = new RecordEncoder(parts.encoder.columns, parts.encoder.categories, Object.fromEntries(medians));
    this.defaultData = this.#records.record(this.#records.row({}));
    this.#margin = parts.pipeline instanceof Pipeline ? parts.pipeline.margin : undefined;
    this.#expected = parts.expected;
    this.#exact = exactContributions(parts.pipeline, parts.encoder.columns, parts.expected);
    this.#reference = parts.reference ?? {};
  }

  /** @throws RangeError the data lacks a column, or a value was not there when the encoder was fitted */
  static from({ data, encoder, pipeline, label }: ExplainedModelParts): ExplainedModel {
    const X = encoder.transform(data);
    const { categories } = encoder;
    const margin = pipeline instanceof Pipeline ? pipeline.margin : undefined;
    return new ExplainedModel({
      label,
      encoder,
      pipeline,
      explainer: LimeTabular.fit(X, { categories }),
      stats: statsOfNumbers(data, encoder.columns, categories),
      reference: sampleReference(X),
      ...(margin && { expected: expectedContributions(margin, X) }),
    });
  }

  /**
   * @param name as given to `save`; in a replica the build's own copy is read
   * @throws Error there is no such folder, it is damaged, or holds something else
   */
  static load(name: string): ExplainedModel {
    const { kind, state } = readModelFolder(name);
    if (kind === "ExplainedModel") return ExplainedModel.fromJSON(state as ExplainedModelState);
    throw new Error(`Cannot load ${JSON.stringify(name)} as an explained model: found a ${kind}`);
  }

  /** Names of the features, in order. */
  get features(): readonly string[] {
    return this.encoder.columns;
  }

  /** Categorical feature → its categories, alphabetically. */
  get categories(): Categories {
    return this.encoder.categories;
  }

  /** Feature → `category` or `number`. */
  get dataTypes(): { readonly [feature: string]: "category" | "number" } {
    const { categories } = this;
    return Object.fromEntries(
      this.features.map((name) => [name, Object.hasOwn(categories, name) ? "category" : "number"]),
    );
  }

  /**
   * Rows the model knows its features from, at most 1,000 (a seeded choice), as requests would say them: what drift is measured
   * against. Empty in a model saved before there were any.
   */
  get reference(): ReferenceRows {
    return decodeReference(this.#reference, this.categories);
  }

  /** What values each feature can take, as searches around a record go by; numbers in whole steps where all rows have whole ones. */
  get ranges(): FeatureRanges {
    const ranges = this.features.map((name): [string, FeatureRange] => {
      const categories = this.categories[name];
      if (categories) return [name, { categories }];
      const { min, max } = this.stats[name]!;
      const rows = this.#reference[name];
      return [name, { min, max, ...(rows && Array.from(rows).every(Number.isInteger) && { step: 1 }) }];
    });
    return Object.fromEntries(ranges);
  }

  /** What a request looks like: every key may be left out. */
  get signature(): Signature {
    const { categories } = this;
    const inputs = this.features.map((name): ColumnSpec => {
      const values = categories[name];
      if (!values) return { name, type: "double", required: false };
      return { name, type: "string", required: false, categories: values };
    });
    return { inputs, outputs: [{ name: "probability", type: "double" }] };
  }

  /**
   * The complete record of a request: missing keys filled, numbers cast from text, categories from numbers.
   *
   * @throws RangeError a key or category is unknown
   * @throws TypeError a value is none of its feature's type
   */
  cast(input: object): FeatureRecord {
    return this.#records.record(this.#records.row(input));
  }

  /** The probability of label 1 alone: the quick path. */
  probability(input: object): number {
    return this.#probabilityOf(this.#records.row(input));
  }

  /** The probability of label 1 for each row of a table. */
  predictFrame(frame: FrameLike): Float64Array {
    return this.pipeline.positive(this.encoder.transform(frame));
  }

  /** Predicts and explains one record. */
  explain(input: object, options: ExplainOptions = {}): Explained {
    return this.#explainRow(this.#records.row(input), options);
  }

  /** Predicts and explains each row of a table. */
  explainFrame(frame: FrameLike, options: ExplainOptions = {}): Explained[] {
    const { rows, columns, data } = this.encoder.transform(frame);
    return Array.from({ length: rows }, (_, i) =>
      this.#explainRow(data.slice(i * columns, (i + 1) * columns), options),
    );
  }

  /**
   * @param name a bare name lives in the home folder, one with a slash is a path from the project's folder
   * @returns the folder's absolute path
   */
  save(name: string, { metadata }: { metadata?: JsonObject } = {}): string {
    return writeModelFolder(name, this, {
      signature: this.signature,
      example: this.defaultData,
      ...(metadata && { metadata }),
    });
  }

  toJSON(): ExplainedModelState {
    return {
      kind: "ExplainedModel",
      label: this.label,
      encoder: this.encoder.toJSON(),
      pipeline: this.pipeline.toJSON(),
      explainer: this.explainer.toJSON(),
      stats: this.stats,
      ...(this.#expected && { expected: Array.from(this.#expected) }),
      reference: Object.fromEntries(Object.entries(this.#reference).map(([name, rows]) => [name, Array.from(rows)])),
    };
  }

  static fromJSON({ encoder, pipeline, explainer, ...figures }: ExplainedModelState): ExplainedModel {
    return new ExplainedModel({
      ...figures,
      encoder: CategoricalEncoder.fromJSON(encoder),
      pipeline: classifierFromJSON(pipeline),
      explainer: LimeTabular.fromJSON(explainer),
    });
  }

  #explainRow(row: Float64Array, { seed = seedOf(row), samples, features }: ExplainOptions): Explained {
    const lime = this.explainer.explain(row, (X) => this.pipeline.positive(X), {
      seed,
      ...(samples !== undefined && { samples }),
      ...(features !== undefined && { features }),
    });
    return {
      data: this.#records.record(row),
      probability: this.#probabilityOf(row),
      explanation: Object.fromEntries(lime.weights.map(({ feature, weight }) => [feature, weight])),
      conditions: Object.fromEntries(lime.weights.map(({ feature, condition }) => [feature, condition])),
      r2: lime.r2,
      localPrediction: lime.localPrediction,
      intercept: lime.intercept,
      ...this.#contributionsOf(row),
      seed,
    };
  }

  #contributionsOf(row: Float64Array): Pick<Explained, "contributions" | "contributionUnit" | "base"> {
    if (!this.#exact) return {};
    const { values, base } = this.#exact.of(row);
    const contributions = Object.fromEntries(this.features.map((name, j) => [name, values[j]!]));
    return { contributions, contributionUnit: this.#exact.unit, base };
  }

  #probabilityOf(row: Float64Array): number {
    if (!this.#margin) return this.pipeline.positive(asMatrix(row, this.features))[0]!;
    const { intercept, columns } = this.#margin;
    let sum = intercept;
    for (let j = 0; j < columns.length; j++) sum += marginOf(columns[j]!, row[j]!);
    return sigmoid(sum);
  }
}

/** The parts of a model that can do something, beside its figures. */
interface Live {
  readonly encoder: CategoricalEncoder;
  readonly pipeline: Classifier;
  readonly explainer: LimeTabular;
}

function statsOfNumbers(
  data: FrameLike,
  columns: readonly string[],
  categories: Categories,
): { [name: string]: NumberStats } {
  const numbers = columns.filter((name) => !Object.hasOwn(categories, name));
  return Object.fromEntries(
    numbers.map((name) => [name, statsOf(Float64Array.from(columnOf(data, name) as ArrayLike<number>, Number))]),
  );
}

function asMatrix(row: Float64Array, names: readonly string[]): Matrix {
  return { rows: 1, columns: row.length, data: row, names };
}
