// A small model with a past for the tests of its page: two builds, calls whose tenure drifted from what it learnt from, some that
// failed, truth that came later, ten windows, and a rule that some of them break.
import type { Model } from "../../lib/contract/model.ts";
import { api, callForUuid, callModel, deployCells, type RunningServer, redeployCells } from "./served-model.ts";

export const windowCount = 10;
export const answeredCalls = 60;
export const failedCalls = 3;
/** Windows below the rule's threshold. */
export const alertedWindows = 3;
export const threshold = 0.75;
const contracts = ["Month-to-month", "One year", "Two year"];

const cells = [
  `import { modelMetrics, trackMetric } from "cellwright";`,
  `const steepness = 0.1;
function leaving(tenure: number): number {
  if (tenure === 13) throw new Error("no customer has this tenure");
  return 1 / (1 + Math.exp(steepness * tenure - 1));
}`,
  `const contracts = ["Month-to-month", "One year", "Two year"];
const learntFrom = {
  tenure: Array.from({ length: 144 }, (_, row) => 1 + (row % 72)),
  contract: Array.from({ length: 144 }, (_, row) => contracts[row % 3]!),
};`,
  `export const predict = modelMetrics(
  (input: { tenure: number; contract: string }) => {
    const probability = leaving(input.tenure);
    console.log("asked for tenure", input.tenure);
    trackMetric("input_data", input);
    trackMetric("probability", probability);
    return { data: input, probability };
  },
  {
    signature: {
      inputs: [
        { name: "tenure", type: "long" },
        { name: "contract", type: "string", categories: contracts },
      ],
    },
    example: { tenure: 3, contract: "One year" },
    reference: learntFrom,
  },
);`,
];

export interface WatchedModel {
  readonly model: Model;
  /** Of answered calls, in order. */
  readonly uuids: readonly string[];
  /** First and second. */
  readonly builds: readonly [string, string];
}

export async function deployWatched(server: RunningServer, name: string): Promise<WatchedModel> {
  const first = await deployCells(server, name, cells);
  const model = await redeployCells(server, name, [
    ...cells.slice(0, 1),
    `${cells[1]}\n// the second`,
    ...cells.slice(2),
  ]);
  const uuids: string[] = [];
  for (let call = 0; call < answeredCalls; call++)
    uuids.push(await callForUuid(server, model, { tenure: 1 + (call % 12), contract: contracts[call % 3] }));
  for (let call = 0; call < failedCalls; call++) await callModel(server, model, { tenure: 13, contract: "One year" });
  await api(server, "POST", "/api/v2/metrics/delayed", {
    items: uuids.map((predictionUuid, call) => ({ predictionUuid, metrics: { label: call % 2 ? "Yes" : "No" } })),
  });
  await trackWindows(server, model);
  await api(server, "POST", `/api/v2/models/${name}/rules`, { metric: "accuracy", when: "below", threshold });
  return { model, uuids, builds: [first.deployment!.build, model.deployment!.build] };
}

/** Accuracies fall from .80; the last three are below the threshold. */
async function trackWindows(server: RunningServer, model: Model): Promise<void> {
  const end = Date.now();
  const widthMs = 1000;
  await api(server, "POST", "/api/v2/metrics/aggregate", {
    items: Array.from({ length: windowCount }, (_, window) => ({
      modelDeploymentCrn: model.deployment!.crn,
      startTimestampMs: end - (windowCount - window) * widthMs,
      endTimestampMs: end - (windowCount - window - 1) * widthMs,
      metrics: { accuracy: window < windowCount - alertedWindows ? 0.8 - window * 0.005 : 0.7, calls: 6 },
    })),
  });
}
