// Messages to signed frames and back. A message whose signature does not fit is refused. Knows no sockets.
// Frames: [...identities, "<IDS|MSG>", signature, header, parent_header, metadata, content, ...buffers]
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Content, Message, MessageHeader } from "./message.ts";

/** Content may be given as JSON bytes already made; they are sent as they are. */
export interface Outgoing extends Omit<Message<object>, "content"> {
  content: object | Uint8Array;
}

export interface Incoming {
  /** Who sent it, for a router socket; on iopub the topic. */
  identities: Uint8Array[];
  message: Message;
  signature: string;
}

/** A message that was not made with the connection's key. */
export class SignatureError extends Error {
  override name = "SignatureError";
}

const delimiter = Buffer.from("<IDS|MSG>");

/** A message whose parts are JSON bytes yet: what is only passed on need not be read. */
export interface SealedMessage {
  /** Header, parent header, metadata, content. */
  readonly parts: readonly Uint8Array[];
  readonly buffers: readonly Uint8Array[];
}

/** @param key the connection's key; an empty one means unsigned, as Jupyter has it */
export function encode(message: Outgoing, key: string, identities: readonly Uint8Array[] = []): Uint8Array[] {
  const parts = [
    toBytes(message.header),
    parentBytes(message.parent_header),
    toBytes(message.metadata),
    message.content instanceof Uint8Array ? message.content : toBytes(message.content),
  ];
  return seal({ parts, buffers: message.buffers }, key, identities);
}

export function seal(
  { parts, buffers }: SealedMessage,
  key: string,
  identities: readonly Uint8Array[] = [],
): Uint8Array[] {
  return [...identities, delimiter, Buffer.from(sign(parts, key)), ...parts, ...buffers];
}

/** @throws SignatureError a forged or unsigned message · SyntaxError frames that are no message */
export function unseal(
  frames: readonly Uint8Array[],
  key: string,
): SealedMessage & { readonly identities: Uint8Array[]; readonly signature: string } {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  if (at < 0) throw new SyntaxError("Cannot read message: found no <IDS|MSG> frame, expected one");
  const parts = frames.slice(at + 2, at + 6);
  if (parts.length < 4) throw new SyntaxError(`Cannot read message: found ${parts.length} parts, expected 4`);
  const signature = Buffer.from(frames[at + 1]!);
  if (key !== "" && !sameBytes(signature, Buffer.from(sign(parts, key))))
    throw new SignatureError(
      "Cannot read message: found a foreign signature, expected one made with the connection's key",
    );
  return { identities: frames.slice(0, at), signature: signature.toString(), parts, buffers: frames.slice(at + 6) };
}

/** @throws SignatureError a forged or unsigned message · SyntaxError frames that are no message */
export function decode(frames: readonly Uint8Array[], key: string): Incoming {
  const { parts, buffers, identities, signature } = unseal(frames, key);
  const [header, parent, metadata, content] = parts.map(fromBytes);
  if (typeof header?.["msg_type"] !== "string" || typeof header["msg_id"] !== "string")
    throw new SyntaxError("Cannot read message: found a header without msg_id and msg_type, expected both");
  const message = {
    header: header as unknown as MessageHeader,
    parent_header: (parent ?? {}) as unknown as MessageHeader,
    metadata: metadata ?? {},
    content: content ?? {},
    buffers: [...buffers],
  };
  return { identities, message, signature };
}

/** HMAC-SHA256 over the four parts, in hexadecimal; empty without a key. */
export function sign(parts: readonly Uint8Array[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", keyObject(key));
  // One call for what is small: calls cost more than bytes.
  if (parts.every(({ length }) => length < 4096)) hmac.update(Buffer.concat(parts));
  else for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** A process speaks to few kernels at a time. */
const keyObjects = new Map<string, KeyObject>();
const rememberedKeys = 100;

function keyObject(key: string): KeyObject {
  const known = keyObjects.get(key);
  if (known) return known;
  const made = createSecretKey(key, "utf8");
  if (keyObjects.size >= rememberedKeys) keyObjects.clear();
  keyObjects.set(key, made);
  return made;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Made once for all answers to a request. */
const parents = new WeakMap<object, Uint8Array>();

function parentBytes(header: object): Uint8Array {
  const known = parents.get(header);
  if (known) return known;
  const made = toBytes(header);
  parents.set(header, made);
  return made;
}

function toBytes(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function fromBytes(bytes: Uint8Array): Content {
  const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SyntaxError("Cannot read message: found a part that is no JSON object, expected objects");
  return value as Content;
}
