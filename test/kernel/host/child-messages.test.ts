import { describe, expect, test } from "vitest";
import {
  frame,
  frameKind,
  frameReader,
  lineReader,
  outputFragments,
  reportFrame,
} from "../../../kernel/host/child-messages.ts";
import fc from "../../support/fast-check.ts";

/** Cuts bytes wherever the numbers say. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...chunks, bytes.subarray(at)];
}

describe("frames", () => {
  test("arrive whole and in order, however the stream is cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "é", "😀", "\ud83d", "\0") });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1e9), text)), fc.array(fc.nat(20)), (outputs, lengths) => {
        const sent = outputs.filter(([, text]) => text !== "");
        const bytes = Buffer.concat([
          ...sent.flatMap(([run, text]) =>
            [...outputFragments(text)].map((each) => frame(frameKind.stdout, run, each)),
          ),
          reportFrame({ op: "ready" }),
        ]);
        const taken: unknown[] = [];
        const read = frameReader({
          output: (run, name, pieces) => taken.push([run, name, JSON.parse(`"${Buffer.concat(pieces).toString()}"`)]),
          report: (report) => taken.push(report),
        });
        for (const chunk of cut(bytes, lengths)) read(chunk);
        expect(taken).toEqual([...sent.map(([run, text]) => [run, "stdout", text]), { op: "ready" }]);
      }),
    );
  });

  test("long text goes in pieces that join to the whole, surrogates too", () => {
    const text = "x".repeat(65_535) + "😀".repeat(40_000);
    const pieces: string[] = [];
    const read = frameReader({
      output: (_, __, parts) => pieces.push(Buffer.concat(parts).toString()),
      report: () => {},
    });
    for (const each of outputFragments(text)) read(frame(frameKind.stderr, 1, each));
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(`"${pieces.join("")}"`)).toBe(text);
  });
});

describe("lineReader", () => {
  test("gives each line's message, however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat(9)), (values, lengths) => {
        const taken: unknown[] = [];
        const read = lineReader((value) => taken.push(value));
        let rest = values.map((value) => `${JSON.stringify(value)}\n`).join("");
        for (const length of lengths) {
          read(rest.slice(0, length));
          rest = rest.slice(length);
        }
        read(rest);
        expect(taken).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });
});
