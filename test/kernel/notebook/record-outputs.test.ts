import { expect, test } from "vitest";
import { createOutputRecorder, type OutputMessage } from "../../../kernel/notebook/record-outputs.ts";

const message = (msg_type: string, content: object): OutputMessage => ({ header: { msg_type }, content });
const stdout = (text: string) => message("stream", { name: "stdout", text });
const stderr = (text: string) => message("stream", { name: "stderr", text });
const display = (text: string, display_id?: string) =>
  message("display_data", { data: { "text/plain": text }, metadata: {}, transient: { display_id } });
const update = (text: string, display_id: string) =>
  message("update_display_data", { data: { "text/plain": text }, metadata: { m: 1 }, transient: { display_id } });
const clear = (wait: boolean) => message("clear_output", { wait });

function outputsAfter(...messages: OutputMessage[]) {
  const recorder = createOutputRecorder();
  for (const one of messages) recorder.record(0, one);
  return recorder.outputsOf(0);
}

test("neighbouring pieces of one stream become one output, in lines", () => {
  expect(outputsAfter(stdout("a"), stdout("b\nc"), stderr("!"), stdout("d\n"))).toEqual([
    { name: "stdout", output_type: "stream", text: ["ab\n", "c"] },
    { name: "stderr", output_type: "stream", text: ["!"] },
    { name: "stdout", output_type: "stream", text: ["d\n"] },
  ]);
});

test("an update changes every display of its id, in other cells too, and nothing else", () => {
  const recorder = createOutputRecorder({ lines: false });
  recorder.record(0, display("one", "x"));
  recorder.record(0, display("other"));
  recorder.record(1, display("two", "x"));
  expect(recorder.record(2, update("new", "x"))).toBe(true);
  expect(recorder.record(2, update("lost", "y"))).toBe(false);
  const shown = (text: string, metadata = {}) => ({
    data: { "text/plain": text },
    metadata,
    output_type: "display_data",
  });
  expect(recorder.outputsOf(0)).toEqual([shown("new", { m: 1 }), shown("other")]);
  expect(recorder.outputsOf(1)).toEqual([shown("new", { m: 1 })]);
  expect(recorder.outputsOf(2)).toEqual([]);
});

test("clearing empties at once, or with the next output when told to wait", () => {
  expect(outputsAfter(stdout("a"), clear(false))).toEqual([]);
  expect(outputsAfter(stdout("a"), clear(true))).toHaveLength(1);
  expect(outputsAfter(stdout("a"), clear(true), stdout("b"), stdout("c"))).toEqual([
    { name: "stdout", output_type: "stream", text: ["bc"] },
  ]);
  expect(outputsAfter(display("a", "x"), clear(false), update("b", "x"))).toEqual([]);
});

test("results and errors are kept as nbformat has them; text in lines, base64 and JSON whole", () => {
  const data = {
    "text/html": "<b>\n</b>",
    "image/png": "aGk=\n",
    "application/json": { a: "1\n2" },
    "image/svg+xml": "<svg/>",
  };
  expect(
    outputsAfter(
      message("execute_result", { data, metadata: {}, execution_count: 3 }),
      message("error", { ename: "TypeError", evalue: "no", traceback: ["TypeError: no", "  at cell"] }),
      message("status", { execution_state: "idle" }),
    ),
  ).toEqual([
    {
      data: {
        "application/json": { a: "1\n2" },
        "image/png": "aGk=\n",
        "image/svg+xml": ["<svg/>"],
        "text/html": ["<b>\n", "</b>"],
      },
      execution_count: 3,
      metadata: {},
      output_type: "execute_result",
    },
    { ename: "TypeError", evalue: "no", output_type: "error", traceback: ["TypeError: no", "  at cell"] },
  ]);
});
