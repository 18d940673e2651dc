// Calls per second, or per minute or hour where that reads better.
import { threeDigits } from "../../../parts/numbers.ts";

export function rate(perSecond: number): { value: string; unit: string } {
  if (perSecond >= 0.1 || perSecond === 0) return { value: threeDigits(perSecond), unit: "per second" };
  if (perSecond * 60 >= 0.1) return { value: threeDigits(perSecond * 60), unit: "per minute" };
  return { value: threeDigits(perSecond * 3600), unit: "per hour" };
}
