// Seven steps from blue to red, the same for probabilities and weights. Dark text stands on all of them, in both modes.
export const steps = ["#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d"] as const;

/** @param share 0…1 */
export function stepAt(share: number): string {
  return steps[Math.max(0, Math.min(6, Math.floor(share * 7)))]!;
}

export function probabilityColour(probability: number): string {
  return stepAt(probability);
}

/** Symmetric around zero: what adds nothing is in the middle. @param limit what is as blue or red as can be */
export function weightColour(weight: number, limit: number): string {
  return stepAt(limit === 0 ? 0.5 : (weight / limit + 1) / 2);
}

/** Colour is not all that says it. */
export function direction(weight: number, limit: number): "▲" | "▼" | "" {
  if (weightColour(weight, limit) === steps[3]) return "";
  return weight > 0 ? "▲" : "▼";
}
