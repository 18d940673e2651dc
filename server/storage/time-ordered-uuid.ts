// Version 7 uuids: ordered by time, so that the index of predictions grows at its end. Within a millisecond a counter keeps the
// order (RFC 9562, method 1).
import { randomFillSync } from "node:crypto";

const entropy = Buffer.alloc(8 * 1024);
let used = entropy.length;
let lastMs = 0;
let counter = 0;

/** @param now milliseconds since 1970 */
export function timeOrderedUuid(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const order = counter.toString(16).padStart(3, "0");
  const chance = nextEntropy();
  const variant = ((Number.parseInt(chance[0]!, 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant}${chance.slice(1, 4)}-${chance.slice(4, 16)}`;
}

function nextEntropy(): string {
  if (used >= entropy.length) {
    randomFillSync(entropy);
    used = 0;
  }
  return entropy.toString("hex", used, (used += 8));
}
