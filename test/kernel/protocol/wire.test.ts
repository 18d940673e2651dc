import { describe, expect, test } from "vitest";
import { newMessage } from "../../../kernel/protocol/message.ts";
import { decode, encode, SignatureError } from "../../../kernel/protocol/wire.ts";

const key = "a key";
const message = newMessage("execute_request", { code: "1 + 1 // é" }, { session: "s", metadata: { cellId: "c" } });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("wire", () => {
  test("gives back what was encoded, identities and buffers included", () => {
    const buffers = [new Uint8Array([1, 2, 3])];
    const { identities, message: back } = decode(encode({ ...message, buffers }, key, [Buffer.from("who")]), key);
    expect(identities.map(text)).toEqual(["who"]);
    expect(back).toEqual({ ...message, buffers });
  });

  test("carries content that is JSON bytes already as it is", () => {
    const content = Buffer.from('{"name":"stdout","text":"a\\u0041"}');
    expect(decode(encode({ ...message, content }, key), key).message.content).toEqual({ name: "stdout", text: "aA" });
  });

  test("signs as Jupyter does: HMAC-SHA256 over header, parent, metadata and content", () => {
    const [, signature] = encode({ ...message, header: {} as never, metadata: {}, content: {} }, "k");
    // python: hmac.new(b"k", b"{}{}{}{}", hashlib.sha256).hexdigest()
    expect(text(signature!)).toBe("6f7c3dea506a2fb840fc9377d65462646f8e8df4acfafa710cf0c50bb2db8de2");
  });

  test.each([
    ["another key", () => encode(message, "another")],
    ["no signature", () => encode(message, "")],
    [
      "a changed part",
      () => encode(message, key).map((frame, i) => (i === 5 ? Buffer.from('{"code":"evil"}') : frame)),
    ],
    ["a shortened signature", () => encode(message, key).map((frame, i) => (i === 1 ? frame.subarray(0, 10) : frame))],
  ])("refuses %s", (_, frames) => {
    expect(() => decode(frames(), key)).toThrow(SignatureError);
  });

  test("takes unsigned messages where the connection has no key", () => {
    expect(decode(encode(message, ""), "").message).toEqual(message);
  });

  test("says what is wrong with frames that are no message", () => {
    expect(() => decode([Buffer.from("x")], key)).toThrow("found no <IDS|MSG> frame");
    expect(() => decode(encode(message, "").slice(0, 4), "")).toThrow("found 2 parts, expected 4");
    expect(() => decode(encode({ ...message, content: Buffer.from("[]") }, ""), "")).toThrow("no JSON object");
    expect(() => decode(encode({ ...message, header: {} as never }, ""), "")).toThrow("without msg_id");
  });
});
