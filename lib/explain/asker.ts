// A model asked by records, wherever it is: in this process or behind a URL. Asks in batches, counts, and stops where it was told to.
import type { JsonObject } from "../contract/signature.ts";
import { requirePositiveInteger } from "../core/check.ts";

/** Probabilities of complete records, one a record, in their order. */
export type PredictRecords = (records: readonly JsonObject[]) => Promise<ArrayLike<number>> | ArrayLike<number>;

export interface AskerOptions {
  /** Records in one call of `predict`. Default 100. */
  readonly batchSize?: number;
  /** Records at most, over all calls. Default: no limit. */
  readonly maxCalls?: number;
}

export class Asker {
  readonly #predict: PredictRecords;
  readonly #batchSize: number;
  readonly #maxCalls: number;
  #calls = 0;

  constructor(predict: PredictRecords, { batchSize = 100, maxCalls = Number.MAX_SAFE_INTEGER }: AskerOptions = {}) {
    requirePositiveInteger("batchSize", batchSize);
    requirePositiveInteger("maxCalls", maxCalls);
    this.#predict = predict;
    this.#batchSize = batchSize;
    this.#maxCalls = maxCalls;
  }

  /** Records asked about so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Records that may still be asked about. */
  get left(): number {
    return this.#maxCalls - this.#calls;
  }

  /**
   * The probabilities of the records; of the first ones only, where more than `left` were given.
   *
   * @throws Error the model answers with another number of values, or with what is no probability
   */
  async ask(records: readonly JsonObject[]): Promise<Float64Array> {
    const asked = records.slice(0, this.left);
    const probabilities = new Float64Array(asked.length);
    for (let first = 0; first < asked.length; first += this.#batchSize) {
      const batch = asked.slice(first, first + this.#batchSize);
      this.#calls += batch.length;
      probabilities.set(requireProbabilities(await this.#predict(batch), batch.length), first);
    }
    return probabilities;
  }
}

function requireProbabilities(values: ArrayLike<number>, expected: number): ArrayLike<number> {
  if (values.length !== expected) {
    throw new Error(
      `Cannot ask the model: found ${values.length} values, expected one for each of ${expected} records`,
    );
  }
  const wrong = Array.from(values).find((value) => !(value >= 0 && value <= 1));
  if (wrong !== undefined) throw new Error(`Cannot ask the model: found ${wrong}, expected probabilities from 0 to 1`);
  return values;
}
