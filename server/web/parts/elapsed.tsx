// How long something took, or has taken so far.
import { useSecond } from "./now.ts";
import { duration } from "./numbers.ts";

export function Elapsed({ from, to }: { from: number; to?: number | undefined }) {
  const now = useSecond(to === undefined);
  return <span>{to === undefined ? duration(wholeSeconds(now - from)) : duration(Math.max(0, to - from))}</span>;
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000) * 1000);
}
