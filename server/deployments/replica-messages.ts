// What server and replica say to each other over the fork channel, as JSON. Calls and answers travel in batches, as tuples:
// this is the way of every prediction.
import type { JsonObject } from "../../lib/contract/signature.ts";
import type { ModelDescription } from "../../lib/contract/symbols.ts";
import type { ErrorPlace } from "../errors.ts";

/** Number of the call on this channel, prediction uuid, request. */
export type CallMessage = readonly [id: number, uuid: string, request: JsonObject];

/** A call of this number asks only whether the replica still turns its event loop; its answer has the same number. */
export const pingId = 0;

export type AnswerMessage = readonly [
  id: number,
  /** The response as JSON text; null when the model threw. */
  response: string | null,
  metrics: JsonObject,
  error?: ThrownMessage,
];

export interface ThrownMessage {
  readonly message: string;
  readonly at?: ErrorPlace;
}

/** The first thing a replica says; answers follow when it is ready. */
export type StartMessage =
  | { readonly state: "ready"; readonly description: ModelDescription; readonly tracked: boolean }
  | { readonly state: "failed"; readonly error: ThrownMessage };
