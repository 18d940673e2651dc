// Messages to WebSocket frames and back, in both forms Jupyter has: v1 (one binary frame, the parts as they came) and the default
// one (JSON, binary only with buffers). Neither form reads more of the parts than a header.
// https://jupyter-server.readthedocs.io/en/stable/developers/websocket-protocols.html
import type { SealedMessage } from "../../../kernel/protocol/wire.ts";
import { BadRequestError } from "../../errors.ts";

export interface ChannelMessage {
  readonly channel: string;
  readonly message: SealedMessage;
}

export interface FrameCodec {
  pack(channel: string, message: SealedMessage): string | Buffer;
  /** @throws BadRequestError no frame of this form */
  unpack(data: Buffer, isBinary: boolean): ChannelMessage;
}

export const v1Protocol = "v1.kernel.websocket.jupyter.org";

/** Count of offsets and the offsets themselves, 64 bits each, little endian; then channel, header, parent, metadata, content, buffers. */
export const v1Frames: FrameCodec = {
  pack(channel, { parts, buffers }) {
    const segments = [Buffer.from(channel), ...parts, ...buffers];
    const head = Buffer.allocUnsafe(8 * (segments.length + 2));
    head.writeBigUInt64LE(BigInt(segments.length + 1), 0);
    let offset = head.length;
    head.writeBigUInt64LE(BigInt(offset), 8);
    for (const [i, { byteLength }] of segments.entries()) {
      offset += byteLength;
      head.writeBigUInt64LE(BigInt(offset), 8 * (i + 2));
    }
    return Buffer.concat([head, ...segments], offset);
  },
  unpack(data, isBinary) {
    const count = isBinary && data.length >= 8 ? Number(data.readBigUInt64LE(0)) : 0;
    if (count < 6 || 8 * (count + 1) > data.length) throw garbled();
    const offsets = Array.from({ length: count }, (_, i) => Number(data.readBigUInt64LE(8 * (i + 1))));
    if (offsets.some((offset, i) => offset > data.length || offset < (offsets[i - 1] ?? 0))) throw garbled();
    const [channel, ...segments] = offsets.slice(1).map((end, i) => data.subarray(offsets[i], end));
    return { channel: channel!.toString(), message: { parts: segments.slice(0, 4), buffers: segments.slice(4) } };
  },
};

/** With buffers: count and offsets, 32 bits each, big endian; then the JSON, then the buffers. */
export const jsonFrames: FrameCodec = {
  pack(channel, { parts, buffers }) {
    const [header, parent, metadata, content] = parts.map((part) =>
      Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("utf8"),
    );
    // Python's clients look for these two beside the header that has them.
    const { msg_id: id, msg_type: type } = JSON.parse(header!) as Record<string, unknown>;
    const names = `"msg_id":${JSON.stringify(id)},"msg_type":${JSON.stringify(type)}`;
    const text = `{"channel":"${channel}",${names},"header":${header},"parent_header":${parent},"metadata":${metadata},"content":${content},"buffers":[]}`;
    if (buffers.length === 0) return text;
    const segments = [Buffer.from(text), ...buffers];
    const head = Buffer.allocUnsafe(4 * (segments.length + 1));
    head.writeUInt32BE(segments.length, 0);
    let offset = head.length;
    for (const [i, { byteLength }] of segments.entries()) {
      head.writeUInt32BE(offset, 4 * (i + 1));
      offset += byteLength;
    }
    return Buffer.concat([head, ...segments], offset);
  },
  unpack(data, isBinary) {
    const [text, ...buffers] = isBinary ? segmentsOf(data) : [data];
    const message = readObject(text!);
    const parts = ["header", "parent_header", "metadata", "content"].map((name) =>
      Buffer.from(JSON.stringify(message[name] ?? {})),
    );
    return { channel: String(message["channel"] ?? "shell"), message: { parts, buffers } };
  },
};

function segmentsOf(data: Buffer): Buffer[] {
  const count = data.length >= 4 ? data.readUInt32BE(0) : 0;
  if (count < 1 || 4 * (count + 1) > data.length) throw garbled();
  const offsets = Array.from({ length: count }, (_, i) => data.readUInt32BE(4 * (i + 1)));
  return offsets.map((offset, i) => data.subarray(offset, offsets[i + 1] ?? data.length));
}

function readObject(text: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw garbled();
}

function garbled(): BadRequestError {
  return new BadRequestError("Cannot read a frame: found no kernel message, expected one in the agreed form");
}
