// Reads a request's body up to a limit. One that is too large is read to its end without being kept, so that the client gets to
// read the refusal; one that is far too large is cut off.
import type { IncomingMessage } from "node:http";
import { BadRequestError, TooLargeError } from "./errors.ts";

const cutOffAt = 16; // times the limit

/** @throws TooLargeError over the limit; BadRequestError the client went away */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = (): void =>
      reject(
        new TooLargeError(`Cannot take the request: found more than ${limitBytes / 1e6} MB, expected at most that`),
      );
    if (Number(req.headers["content-length"]) > cutOffAt * limitBytes) return tooLarge();
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else if (size > cutOffAt * limitBytes) {
        tooLarge();
        req.pause();
      } else chunks.length = 0;
    });
    req.on("end", () => {
      if (size > limitBytes) tooLarge();
      else resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString("utf8"));
    });
    req.on("error", () => reject(new BadRequestError("Cannot read the request: the client ended it early")));
  });
}
