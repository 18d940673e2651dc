// Comparing and hashing of secrets.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Takes the same time wherever the two differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** What the store keeps of a key: keys are long and random, a plain hash is enough. */
export function hashOfKey(key: string): string {
  return digest(key).toString("hex");
}

export function signed(text: string, key: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
