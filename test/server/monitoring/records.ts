// Predictions made up for tests, the same every time.
import type { PredictionRecord } from "../../../lib/contract/prediction.ts";
import { seededRandom } from "../../../lib/core/random.ts";

const start = 1_790_000_000_000;
let last = 0;

export function crnOf(kind: string, id: string, project = "default"): string {
  return `crn:cellwright:ml:::workspace:${project}/${kind}/${id}`;
}

/** A call of a model with a uuid of its own, answered with 200. */
export function recordOf(model: string, more: Partial<PredictionRecord> = {}): PredictionRecord {
  const at = start + ++last;
  return {
    uuid: uuidOf(last),
    modelCrn: crnOf("model", model),
    buildCrn: crnOf("model-build", `${model}-build`),
    deploymentCrn: crnOf("model-deployment", `${model}-deployment`),
    startTimestampMs: at,
    endTimestampMs: at + 2,
    status: 200,
    request: { tenure: last },
    response: { probability: 0.5 },
    metrics: {},
    ...more,
  };
}

/** Calls in no order over `spanMs`, many within one millisecond when that is short; some fail, some track no probability. */
export function randomRecords(
  model: string,
  { count, deployments, seed, spanMs }: { count: number; deployments: number; seed: number; spanMs: number },
): PredictionRecord[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const deployment = Math.floor(random() * deployments);
    const startTimestampMs = start + Math.floor(random() * spanMs);
    const failed = random() < 0.02;
    return recordOf(model, {
      buildCrn: crnOf("model-build", `${model}-build-${deployment}`),
      deploymentCrn: crnOf("model-deployment", `${model}-deployment-${deployment}`),
      startTimestampMs,
      endTimestampMs: startTimestampMs + Math.floor(3 + 200 * random() ** 8),
      metrics: failed || random() < 0.1 ? {} : { probability: Math.round(random() * 1000) / 1000 },
      response: null,
      ...(failed && { status: 500, errorCode: "model_error" as const }),
    });
  });
}

function uuidOf(n: number): string {
  const scattered = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  return `019a0000-0000-7000-8000-${scattered}${String(n).padStart(4, "0").slice(-4)}`;
}
