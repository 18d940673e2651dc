import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RawMessage } from "../../../kernel/client/kernel-connection.ts";
import { correctTslab } from "../../../kernel/client/tslab-correction.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen() {
  const told: string[] = [];
  const contents: Record<string, unknown>[] = [];
  const correction = correctTslab(({ header, content }) => {
    contents.push(content);
    told.push([header.msg_type, content["execution_state"] ?? content["text"] ?? content["status"]].join(" ").trim());
  });
  const receive = (channel: string, msg_type: string, content: object, parent = "execute_request") =>
    correction.receive({
      channel,
      header: { msg_id: "m", msg_type, session: "", username: "", date: "", version: "" },
      parent_header: { msg_id: "r", msg_type: parent },
      metadata: {},
      content,
    } as RawMessage);
  const stderr = (text: string) => receive("iopub", "stream", { name: "stderr", text });
  const stdout = (text: string) => receive("iopub", "stream", { name: "stdout", text });
  const status = (execution_state: string) => receive("iopub", "status", { execution_state });
  const reply = (content: object) => receive("shell", "execute_reply", content);
  return { told, contents, ...correction, receive, stderr, stdout, status, reply };
}

describe("a tslab message", () => {
  test("about an error becomes an error: the last thing said on stderr, not what was said before", () => {
    const { told, contents, stderr, status, reply } = listen();
    status("busy");
    stderr("careful\n");
    stderr(
      "evalmachine:2\nthrow\n^\n\nTypeError [CODE]: no such\n    at evalmachine:1:1\n    at Script.run (node:vm:1:1)\n",
    );
    reply({ status: "error", execution_count: 4 });
    status("idle");
    expect(told).toEqual(["status busy", "stream careful", "error", "execute_reply error", "status idle"]);
    const error = { ename: "TypeError [CODE]", evalue: "no such" };
    expect(contents[2]).toMatchObject(error);
    expect(contents[2]!["traceback"]).toContain("    at evalmachine:1:1");
    expect(String(contents[2]!["traceback"])).not.toContain("node:vm");
    expect(contents[3]).toMatchObject({ ...error, execution_count: 4 });
  });

  test("about types becomes one error with all of them, whichever channel is first", () => {
    const { told, contents, stderr, status, reply } = listen();
    reply({ status: "error", execution_count: 1 });
    stderr("1:5 - Cannot find name 'x'.\n");
    stderr("2:1 - Cannot find name 'y'.\n");
    status("idle");
    expect(told).toEqual(["error", "execute_reply error", "status idle"]);
    expect(contents[0]).toEqual({
      ename: "TypeScriptError",
      evalue: "1:5 - Cannot find name 'x'.\n2:1 - Cannot find name 'y'.",
      traceback: ["1:5 - Cannot find name 'x'.", "2:1 - Cannot find name 'y'."],
    });
  });

  test("thrown without being an error is told as it was thrown, and nothing said is an error still", () => {
    for (const [said, evalue] of [
      ["text\n", "text"],
      [undefined, "the cell failed"],
    ] as const) {
      const { contents, stderr, status, reply } = listen();
      if (said) stderr(said);
      reply({ status: "error" });
      status("idle");
      expect(contents[0]).toMatchObject({ ename: "Error", evalue });
    }
  });

  test("on stderr that is no error arrives, in its order, soon even while the cell runs", () => {
    const { told, stderr, stdout, status, reply } = listen();
    stderr("a");
    stdout("b");
    stderr("c");
    expect(told).toEqual(["stream a", "stream b"]);
    vi.advanceTimersByTime(100);
    expect(told).toEqual(["stream a", "stream b", "stream c"]);
    stderr("d");
    status("idle");
    reply({ status: "ok" });
    expect(told.slice(3)).toEqual(["stream d", "execute_reply ok", "status idle"]);
  });

  test("that was lost is made up for: an idle that does not come within a second of the last message", () => {
    const { told, stdout, reply } = listen();
    reply({ status: "ok" });
    vi.advanceTimersByTime(900);
    stdout("late");
    vi.advanceTimersByTime(900);
    expect(told).toEqual(["stream late"]);
    vi.advanceTimersByTime(100);
    expect(told).toEqual(["stream late", "execute_reply ok", "status idle"]);
  });

  test("of a wrong name or status gets the right one", () => {
    const { told, receive, reply, status } = listen();
    receive("shell", "complete_reply", { comms: {} }, "comm_info_request");
    receive("shell", "complete_reply", { status: "ok", matches: [] }, "complete_request");
    reply({ status: "abort" });
    status("idle");
    expect(told).toEqual(["comm_info_reply ok", "complete_reply ok", "execute_reply aborted", "status idle"]);
  });

  test("of a failure keeps the next request back until tslab aborts nothing any more", async () => {
    const { ready, status, reply } = listen();
    expect(ready?.()).toBeUndefined();
    reply({ status: "error" });
    status("idle");
    let open = false;
    void ready!()!.then(() => (open = true));
    await vi.advanceTimersByTimeAsync(200);
    expect(open).toBe(false);
    await vi.advanceTimersByTimeAsync(50);
    expect(open).toBe(true);
  });
});
