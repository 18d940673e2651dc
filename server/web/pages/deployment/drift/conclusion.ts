// What a drift report says, in one sentence. Pure text.
import type { DriftReport } from "../../../../../lib/contract/monitoring.ts";
import { counted } from "../../../parts/numbers.ts";

const named = 3;

export function conclusionOf({ features, compared, datasetDrift }: DriftReport): string {
  const drifted = features.filter((feature) => feature.drifted).map(({ feature }) => feature);
  const of = `${counted(features.length, "feature")} of ${counted(compared, "call")}`;
  if (drifted.length === 0) return `None of the ${of} drifted from what the model learnt from.`;
  const names = drifted.slice(0, named).join(", ") + (drifted.length > named ? " and others" : "");
  const whole = datasetDrift ? "; that is half or more, so the data as a whole drifted" : "";
  return `${drifted.length} of the ${of} drifted: ${names}${whole}.`;
}
