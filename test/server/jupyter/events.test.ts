// The server's events over its WebSocket: what it tells of by itself, and what clients tell.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LabServer, labServer } from "./lab-server.ts";

const namespace = "https://events.jupyter.org/jupyter_server";
const contents = `${namespace}/contents_service/v1`;
const kernels = `${namespace}/kernel_actions/v1`;

type Event = Readonly<Record<string, unknown>>;

let server: LabServer;
beforeAll(async () => {
  server = await labServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

describe("a subscriber", () => {
  test("hears what is done to files, with the keys of Jupyter's event log", async () => {
    await using heard = await subscribe();
    const before = Date.now();
    await server.api("PUT", "/api/contents/a.ts", { type: "file", format: "text", content: "1\n" });
    const copy = await server.api("POST", "/api/contents", { copy_from: "a.ts" });
    await server.api("PATCH", `/api/contents/${copy.body["path"]}`, { path: "b.ts" });
    await server.api("GET", "/api/contents/b.ts");
    await server.api("DELETE", "/api/contents/b.ts");
    const made = await server.api("POST", "/api/contents", { type: "notebook" });
    const events = await heard.take(6);
    expect(events.map(({ action, path, source_path: source }) => [action, path, source])).toEqual([
      ["save", "a.ts", undefined],
      ["copy", "a-Copy1.ts", "a.ts"],
      ["rename", "b.ts", "a-Copy1.ts"],
      ["get", "b.ts", undefined],
      ["delete", "b.ts", undefined],
      ["save", made.body["path"], undefined],
    ]);
    for (const event of events) {
      expect(event).toMatchObject({
        schema_id: contents,
        __schema__: contents,
        __schema_version__: "1",
        __metadata_version__: 1,
      });
      expect(event["__timestamp__"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00Z$/);
      expect(Date.parse(String(event["__timestamp__"]).slice(0, -1))).toBeGreaterThanOrEqual(before);
    }
  });

  test("hears nothing of what has failed", async () => {
    await using heard = await subscribe();
    expect((await server.api("DELETE", "/api/contents/none.ts")).status).toBe(404);
    await server.api("GET", "/api/contents");
    expect(await heard.take(1)).toMatchObject([{ action: "get", path: "" }]);
  });

  test("hears how kernels start, are interrupted, restart and end", async () => {
    await using heard = await subscribe();
    const { body } = await server.api<{ id: string }>("POST", "/api/kernels", { name: "cellwright" });
    await server.api("POST", `/api/kernels/${body.id}/interrupt`);
    await server.api("POST", `/api/kernels/${body.id}/restart`);
    await server.api("DELETE", `/api/kernels/${body.id}`);
    const events = await heard.take(4);
    expect(events.map(({ action }) => action)).toEqual(["start", "interrupt", "restart", "shutdown"]);
    for (const event of events)
      expect(event).toMatchObject({
        schema_id: kernels,
        kernel_id: body.id,
        kernel_name: "cellwright",
        status: "success",
        msg: expect.stringContaining(body.id),
      });
  });
});

describe("a client's own event", () => {
  const event = { schema_id: contents, version: "1", data: { action: "upload", path: "x.csv", of: "mine" } };

  test("reaches every subscriber, at the time it names", async () => {
    await using one = await subscribe();
    await using two = await subscribe();
    const posted = { ...event, timestamp: "2022-05-26T13:50:00+05:00Z" };
    expect((await server.api("POST", "/api/events", posted)).status).toBe(204);
    for (const heard of [one, two])
      expect(await heard.take(1)).toMatchObject([{ ...event.data, __timestamp__: "2022-05-26T08:50:00.000+00:00Z" }]);
  });

  test.each([
    ["without data", { ...event, data: undefined }, "data"],
    ["without a schema", { ...event, schema_id: undefined }, "schema_id"],
    ["of an unknown schema", { ...event, schema_id: "https://example.org/mine" }, "found schema"],
    ["of another version", { ...event, version: "2" }, 'found version "2"'],
    ["of an action that its schema does not have", { ...event, data: { action: "burn", path: "x" } }, "action"],
    [
      "of a kernel without an id",
      { ...event, schema_id: kernels, data: { action: "restart", msg: "" } },
      "kernel's id",
    ],
    ["at no time", { ...event, timestamp: "yesterday" }, "ISO 8601"],
  ])("is refused %s", async (_title, posted, reason) => {
    const { status, body } = await server.api("POST", "/api/events", posted);
    expect([status, body["message"]]).toEqual([400, expect.stringContaining(reason)]);
  });
});

interface Heard extends AsyncDisposable {
  /** The next so many events. */
  take(count: number): Promise<Event[]>;
}

async function subscribe(): Promise<Heard> {
  const address = `${server.url.replace("http", "ws")}/api/events/subscribe`;
  const socket = new WebSocket(address, { headers: { authorization: `token ${server.token}` } });
  const events: Event[] = [];
  let tell = (): void => {};
  socket.on("message", (data: Buffer) => {
    events.push(JSON.parse(data.toString("utf8")));
    tell();
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    async take(count) {
      while (events.length < count)
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      return events.splice(0, count);
    },
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}
