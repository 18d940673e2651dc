// Where a page ended, opaque to its reader: the start and uuid of its last row.
import { BadRequestError } from "../errors.ts";

export interface Position {
  readonly startedAt: number;
  readonly uuid: string;
}

export function toPageToken({ startedAt, uuid }: Position): string {
  return Buffer.from(JSON.stringify([startedAt, uuid])).toString("base64url");
}

/** @throws BadRequestError it is none of ours */
export function fromPageToken(token: string): Position {
  try {
    const [startedAt, uuid] = JSON.parse(Buffer.from(token, "base64url").toString()) as unknown[];
    if (Number.isSafeInteger(startedAt) && typeof uuid === "string") return { startedAt: startedAt as number, uuid };
  } catch {}
  throw new BadRequestError("Cannot read the next page: found a page_token that no page ended with");
}
