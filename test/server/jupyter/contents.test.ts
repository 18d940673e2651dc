// The project's files over HTTP: what is shown, what is kept, and what no path reaches. Long, for it is a list of cases.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSettings } from "../../../server/settings.ts";
import { root } from "../../support/cli.ts";
import { type LabServer, labServer } from "./lab-server.ts";

interface Model {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly format: string | null;
  readonly content: unknown;
  readonly hash: string | null;
}

let server: LabServer;
beforeAll(async () => {
  server = await labServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const get = (path: string) => server.api<Model>("GET", `/api/contents/${path}`);

describe("contents", () => {
  test("lists a folder without what is hidden", async () => {
    server.put("listed/a.ts", "1");
    server.put("listed/.secret", "1");
    server.put("listed/node_modules/x.js", "1");
    const { body } = await get("listed");
    expect((body.content as Model[]).map(({ path, type }) => [path, type])).toEqual([["listed/a.ts", "file"]]);
    expect(((await get("")).body.content as Model[]).map(({ name }) => name)).not.toContain(".cellwright");
  });

  test("shows and saves files that begin with a dot where the user wants to see them, and still not the home", async () => {
    await using open = await labServer({ CELLWRIGHT_LAB_HIDDEN_FILES: "yes" });
    for (const path of [".env", ".github/ci.yml", "node_modules/x.js", ".a.ts.0123456789ab.tmp"]) open.put(path, "1");
    const { body } = await open.api<Model>("GET", "/api/contents/");
    expect((body.content as Model[]).map(({ path }) => path).sort()).toEqual([".env", ".github"]);
    const saved = { type: "file", format: "text", content: "2" };
    expect((await open.api("PUT", "/api/contents/.github/ci.yml", saved)).status).toBe(200);
    expect(open.text(".github/ci.yml")).toBe("2");
    for (const path of [".cellwright/token", "node_modules/x.js", ".a.ts.0123456789ab.tmp", "..%2Fx", "%2e%2e%2fx"])
      expect((await open.api("GET", `/api/contents/${path}`)).status, path).toBe(404);
    expect(() => readSettings({}, { CELLWRIGHT_LAB_HIDDEN_FILES: "true" })).toThrow('found "true", expected yes or no');
  });

  test("copies a folder with what is shown in it, and never into itself", async () => {
    server.put("whole/a.b/one.ts", "1");
    server.put("whole/a.b/deep/two.bin", Buffer.from([0, 255]));
    server.put("whole/a.b/.secret", "1");
    symlinkSync("one.ts", join(server.project, "whole/a.b/inside.ts"));
    symlinkSync(server.outside, join(server.project, "whole/a.b/outside"));
    const copied = await server.api<Model>("POST", "/api/contents/whole", { copy_from: "whole/a.b" });
    expect([copied.status, copied.body.path, copied.body.type]).toEqual([201, "whole/a.b-Copy1", "directory"]);
    const again = await server.api<Model>("POST", "/api/contents/whole", { copy_from: "whole/a.b" });
    expect(again.body.path).toBe("whole/a.b-Copy2");
    const at = (path: string) => join(server.project, "whole/a.b-Copy1", path);
    expect(readdirSync(at("")).sort()).toEqual(["deep", "inside.ts", "one.ts"]);
    expect(readFileSync(at("deep/two.bin"))).toEqual(Buffer.from([0, 255]));
    expect(readFileSync(at("inside.ts"), "utf8")).toBe("1");
    const inside = await server.api("POST", "/api/contents/whole/a.b/deep", { copy_from: "whole/a.b" });
    expect(inside.status).toBe(400);
    expect(readdirSync(join(server.project, "whole/a.b/deep"))).toEqual(["two.bin"]);
    symlinkSync("..", join(server.project, "whole/a.b/deep/up"));
    expect((await server.api("POST", "/api/contents/whole", { copy_from: "whole/a.b" })).status).toBe(400);
    expect(readdirSync(join(server.project, "whole")).sort()).toEqual(["a.b", "a.b-Copy1", "a.b-Copy2"]);
    expect((await server.api("POST", "/api/contents/whole", { copy_from: "" })).status).toBe(400);
  });

  test("finds nothing in a file, as if it were a folder", async () => {
    server.put("single/a.ts", "1");
    const { status, body } = await server.api<{ message: string }>("GET", "/api/contents/single/a.ts/b.ts");
    expect([status, JSON.stringify(body)]).toEqual([404, expect.stringContaining("single/a.ts/b.ts")]);
    expect((await server.api("POST", "/api/contents/single/a.ts/trust")).status).toBe(404);
    expect((await server.api("PUT", "/api/contents/single/a.ts/b.ts", { type: "file", content: "" })).status).toBe(404);
  });

  test("gives text as text, bytes as base64, and refuses bytes asked for as text", async () => {
    server.put("kinds/text.csv", "a,ä\n");
    server.put("kinds/bytes.bin", Buffer.from([0, 1, 255]));
    expect((await get("kinds/text.csv")).body).toMatchObject({ type: "file", format: "text", content: "a,ä\n" });
    expect((await get("kinds/bytes.bin")).body).toMatchObject({ format: "base64", content: "AAH/" });
    expect((await get("kinds/bytes.bin?format=text")).status).toBe(400);
    expect((await get("kinds/text.csv?type=directory")).status).toBe(400);
    expect((await get("kinds/text.csv?content=0&hash=1")).body).toMatchObject({
      content: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("saves every notebook of ours as it was opened, byte for byte", async () => {
    const names = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) {
      const before = readFileSync(join(root, "notebooks", name), "utf8");
      server.put(`same/${name}`, before);
      const { body } = await get(`same/${name}`);
      expect((body.content as { cells: { source: unknown }[] }).cells[0]!.source).toBeTypeOf("string");
      const saved = await server.api("PUT", `/api/contents/same/${name}`, {
        type: "notebook",
        format: "json",
        content: body.content,
      });
      expect(saved.status).toBe(200);
      expect(server.text(`same/${name}`)).toBe(before);
    }
  });

  test("puts a file that comes in parts in its place when it is whole", async () => {
    server.put("parts/large.bin", "old");
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    const send = (chunk: number, from: number, to: number) =>
      server.api<Model>("PUT", "/api/contents/parts/large.bin", {
        type: "file",
        format: "base64",
        content: bytes.subarray(from, to).toString("base64"),
        chunk,
      });
    expect((await send(1, 0, 100_000)).body).toMatchObject({ path: "parts/large.bin", type: "file" });
    expect((await send(3, 200_000, 300_000)).status).toBe(409); // the second has not come
    expect((await send(2, 100_000, 200_000)).status).toBe(200);
    expect(server.text("parts/large.bin")).toBe("old");
    expect((await send(-1, 200_000, 300_000)).status).toBe(200);
    expect(readFileSync(join(server.project, "parts/large.bin")).equals(bytes)).toBe(true);
    expect((await send(-1, 0, 10)).status).toBe(409);
    expect(readdirSync(join(server.project, "parts"))).toEqual(["large.bin"]);
  });

  test("writes a new notebook as Jupyter does: one space, lines, sorted keys", async () => {
    const cell = {
      source: "1 +\n1",
      cell_type: "code",
      id: "a",
      metadata: { trusted: true },
      outputs: [],
      execution_count: null,
    };
    const content = { nbformat_minor: 5, nbformat: 4, metadata: {}, cells: [cell] };
    const { status } = await server.api("PUT", "/api/contents/new.ipynb", { type: "notebook", content });
    expect(status).toBe(201);
    expect(server.text("new.ipynb")).toBe(
      `${JSON.stringify({ cells: [{ cell_type: "code", execution_count: null, id: "a", metadata: {}, outputs: [], source: ["1 +\n", "1"] }], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`,
    );
  });

  test("takes away what a killed server left half-written, and nothing else", async () => {
    const names = [".a.ts.0123456789ab.tmp", ".b.ts.0123456789ab.tmp", ".c.tmp", ".d.0123456789ab.tmp.ts"];
    for (const name of names) server.put(`left/${name}`, "half");
    for (const name of names.filter((name) => !name.startsWith(".b")))
      utimesSync(join(server.project, "left", name), new Date(0), new Date(0));
    await server.api("PUT", "/api/contents/left/a.ts", { type: "file", format: "text", content: "whole" });
    expect(readdirSync(join(server.project, "left")).sort()).toEqual([...names.slice(1), "a.ts"]);
  });

  test("refuses to save over what another writer has changed since", async () => {
    server.put("shared.ts", "first");
    const { hash } = (await get("shared.ts?hash=1")).body;
    server.put("shared.ts", "theirs");
    const save = (content: string, from: string | null) =>
      server.api<Model & { message: string }>("PUT", "/api/contents/shared.ts", {
        type: "file",
        format: "text",
        content,
        hash: from,
      });
    const refused = await save("mine", hash);
    expect(refused.status).toBe(409);
    expect(refused.body.message).toMatch(/somebody else changed it/);
    expect(server.text("shared.ts")).toBe("theirs");
    const { hash: now } = (await get("shared.ts?hash=1&content=0")).body;
    expect((await save("mine", now)).status).toBe(200);
    expect(server.text("shared.ts")).toBe("mine");
  });

  test("of many writers who start from one state exactly one is let through", async () => {
    server.put("raced.ts", "start");
    const { hash } = (await get("raced.ts?hash=1")).body;
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        server.api("PUT", "/api/contents/raced.ts", { type: "file", format: "text", content: `writer ${i}`, hash }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
  });

  test("makes untitled ones and copies under names that are free", async () => {
    mkdirSync(join(server.project, "made"));
    const make = async (body: object) => (await server.api<Model>("POST", "/api/contents/made", body)).body.path;
    expect(await make({ type: "notebook" })).toBe("made/Untitled.ipynb");
    expect(await make({ type: "notebook" })).toBe("made/Untitled1.ipynb");
    expect(await make({ type: "directory" })).toBe("made/Untitled Folder");
    expect(await make({ type: "directory" })).toBe("made/Untitled Folder 1");
    expect(await make({ type: "file", ext: ".ts" })).toBe("made/untitled.ts");
    expect(await make({ copy_from: "made/Untitled.ipynb" })).toBe("made/Untitled-Copy1.ipynb");
    expect(await make({ copy_from: "made/Untitled-Copy1.ipynb" })).toBe("made/Untitled-Copy2.ipynb");
    server.put("made/from/other.ts", "a");
    expect(await make({ copy_from: "made/from/other.ts" })).toBe("made/other.ts");
    expect(await make({ copy_from: "made/from/other.ts" })).toBe("made/other-Copy1.ts");
    expect((await server.api("PUT", "/api/contents/made/folder", { type: "directory" })).status).toBe(201);
    expect((await server.api("PUT", "/api/contents/made/none.ts", { type: "file", format: "text" })).status).toBe(400);
  });

  test("tells the address of what was made or moved, and takes .ipynb for a notebook", async () => {
    server.put("told/a b.ts", "a");
    const make = async (body: object) => (await server.api("POST", "/api/contents/told", body)).headers.get("location");
    expect(await make({ ext: ".ipynb" })).toBe("/api/contents/told/Untitled.ipynb");
    expect(await make({})).toBe("/api/contents/told/untitled");
    expect((await get("told/Untitled.ipynb")).body).toMatchObject({ type: "notebook", content: { nbformat: 4 } });
    const renamed = await server.api("PATCH", "/api/contents/told/a%20b.ts", { path: "told/c d.ts" });
    expect(renamed.headers.get("location")).toBe("/api/contents/told/c%20d.ts");
    const kept = await server.api("POST", "/api/contents/told/c%20d.ts/checkpoints");
    expect(kept.headers.get("location")).toBe("/api/contents/told/c%20d.ts/checkpoints/checkpoint");
    const put = await server.api("PUT", "/api/contents/told/new.ts", { type: "file", format: "text", content: "" });
    expect([put.status, put.headers.get("location")]).toEqual([201, "/api/contents/told/new.ts"]);
  });

  test("renames, and never over what is there", async () => {
    server.put("moved/a.ts", "a");
    server.put("moved/b.ts", "b");
    expect((await server.api("PATCH", "/api/contents/moved/a.ts", { path: "moved/b.ts" })).status).toBe(409);
    expect((await server.api("PATCH", "/api/contents/moved/a.ts", { path: "moved/c d.ts" })).status).toBe(200);
    expect(server.text("moved/c d.ts")).toBe("a");
    expect(server.text("moved/b.ts")).toBe("b");
  });

  test("puts what is deleted into the home's trash", async () => {
    server.put("gone.ts", "worth keeping");
    expect((await server.api("DELETE", "/api/contents/gone.ts")).status).toBe(204);
    expect((await get("gone.ts")).status).toBe(404);
    const [stamp] = readdirSync(join(server.home, "trash"));
    expect(readFileSync(join(server.home, "trash", stamp!, "gone.ts"), "utf8")).toBe("worth keeping");
    expect((await server.api("DELETE", "/api/contents/")).status).not.toBe(204);
  });

  test("keeps one checkpoint of a file, which moves along with it", async () => {
    server.put("checked.ts", "one");
    expect((await server.api<unknown>("GET", "/api/contents/checked.ts/checkpoints")).body).toEqual([]);
    expect((await server.api("POST", "/api/contents/checked.ts/checkpoints")).status).toBe(201);
    server.put("checked.ts", "two");
    await server.api("PATCH", "/api/contents/checked.ts", { path: "moved-on.ts" });
    const { body } = await server.api<{ id: string }[]>("GET", "/api/contents/moved-on.ts/checkpoints");
    expect(body).toHaveLength(1);
    const at = `/api/contents/moved-on.ts/checkpoints/${body[0]!.id}`;
    expect((await server.api("POST", at)).status).toBe(204);
    expect(server.text("moved-on.ts")).toBe("one");
    expect((await server.api("DELETE", at)).status).toBe(204);
    expect((await server.api("POST", at)).status).toBe(404);
  });

  test("says what is wrong with a notebook that is none", async () => {
    server.put("broken.ipynb", "{");
    const { status, body } = await server.api<{ message: string }>("GET", "/api/contents/broken.ipynb");
    expect([status, body.message]).toEqual([400, expect.stringContaining("Cannot read broken.ipynb")]);
    expect((await get("broken.ipynb?type=file&format=text")).body.content).toBe("{");
  });
});

describe("no path leaves the project", () => {
  beforeAll(() => {
    writeFileSync(join(server.outside, "secret.txt"), "secret");
    mkdirSync(join(server.outside, "project-other"));
    writeFileSync(join(server.outside, "project-other", "near.txt"), "secret");
    server.put("inside.txt", "inside");
    symlinkSync(join(server.outside, "secret.txt"), join(server.project, "link.txt"));
    symlinkSync(server.outside, join(server.project, "up"));
    symlinkSync(join(server.outside, "not-yet.txt"), join(server.project, "dangling.txt"));
    symlinkSync(join(server.home), join(server.project, "home"));
    symlinkSync(join(server.project, "inside.txt"), join(server.project, "fine.txt"));
  });

  const paths = [
    "../secret.txt",
    "..%2Fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "a/../../secret.txt",
    "..%5Csecret.txt",
    "../project-other/near.txt",
    "link.txt",
    "up/secret.txt",
    "up/project-other/near.txt",
    "dangling.txt",
    "home/token",
    ".cellwright/token",
    "%2Ecellwright/token",
    "inside.txt%00",
    "/etc/passwd",
    "%2Fetc%2Fpasswd",
  ];

  test.each(paths)("GET %s", async (path) => {
    for (const at of ["/api/contents/", "/files/"]) {
      const { status, text } = await raw("GET", at + path);
      expect([400, 404], `${at}${path}: ${status}`).toContain(status);
      expect(text).not.toContain(`"secret"`);
    }
  });

  test.each(paths)("PUT %s", async (path) => {
    const { status } = await raw(
      "PUT",
      `/api/contents/${path}`,
      JSON.stringify({ type: "file", format: "text", content: "overwritten" }),
    );
    expect([400, 404], String(status)).toContain(status);
  });

  test("rename and copy neither", async () => {
    expect((await server.api("PATCH", "/api/contents/inside.txt", { path: "../stolen.txt" })).status).toBe(404);
    expect((await server.api("PATCH", "/api/contents/inside.txt", { path: "up/stolen.txt" })).status).toBe(404);
    expect((await server.api("POST", "/api/contents", { copy_from: "../secret.txt" })).status).toBe(404);
    expect((await server.api("DELETE", "/api/contents/up")).status).toBe(404);
    expect(readFileSync(join(server.outside, "secret.txt"), "utf8")).toBe("secret");
    expect(readdirSync(server.outside).sort()).toEqual(["project", "project-other", "secret.txt"]);
  });

  test("a link that stays inside is followed, for reading and for writing", async () => {
    const saved = { type: "file", format: "text", content: "through the link" };
    expect((await server.api("PUT", "/api/contents/fine.txt", saved)).status).toBe(200);
    expect(server.text("inside.txt")).toBe("through the link");
  });
});

/** fetch would put a path right before it sends it. */
function raw(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  const headers = { authorization: `token ${server.token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, method, path, headers }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      res.on("end", () => resolve({ status: res.statusCode!, text }));
    });
    req.once("error", reject);
    req.end(body);
  });
}
