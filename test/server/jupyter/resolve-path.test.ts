// Which file a path in a cell's output means, and kernels under ids that the client chose.
import { randomUUID } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelModel } from "../../../server/jupyter/kernels/kernel.ts";
import { type LabServer, labServer } from "./lab-server.ts";

let server: LabServer;
beforeAll(async () => {
  server = await labServer();
  server.put("lib/clean.ts", "");
  server.put("notebooks/train.ipynb", "{}");
  server.put("notebooks/lib/near.ts", "");
  server.put(".secret", "");
  writeFileSync(join(server.outside, "foreign.ts"), "");
  mkdirSync(join(server.outside, "folder"));
  symlinkSync(join(server.outside, "folder"), join(server.project, "out"));
});
afterAll(() => server?.[Symbol.asyncDispose]());

const resolved = async (path: string, kernel?: string) => {
  const query = new URLSearchParams({ path, ...(kernel !== undefined && { kernel }) });
  return (await server.api("GET", `/api/resolvePath?${query}`)).body;
};
const start = (body: object) => server.api<KernelModel>("POST", "/api/kernels", body);

describe("a path that a program said", () => {
  test.each([
    ["from the project's folder", () => "lib/clean.ts", "lib/clean.ts"],
    ["with a dot before", () => "./lib/../lib/clean.ts", "lib/clean.ts"],
    ["absolute", () => join(server.project, "notebooks/lib/near.ts"), "notebooks/lib/near.ts"],
    ["of a folder", () => "notebooks/", "notebooks"],
    ["of a user's home", () => `~/${relative(homedir(), join(server.project, "lib/clean.ts"))}`, "lib/clean.ts"],
  ])("%s is a file of the project", async (_, path, found) => {
    expect(await resolved(path())).toEqual({ resolved: [{ scope: "server", path: found }] });
  });

  test.each([
    ["is not there", () => "lib/gone.ts"],
    ["is outside", () => join(server.outside, "foreign.ts")],
    ["leads out", () => "../foreign.ts"],
    ["leads out by a link", () => "out"],
    ["is hidden", () => ".secret"],
    ["no file system takes", () => "a\0b"],
  ])("that %s is nothing", async (_, path) => {
    expect(await resolved(path())).toEqual({ resolved: [] });
  });

  test("goes by the folder of the kernel that said it; what only the kernel sees is told as such", async () => {
    const { body: kernel } = await start({ path: "notebooks/train.ipynb" });
    const at = (path: string) => join(server.project, path);
    expect(await resolved("lib/near.ts", kernel.id)).toEqual({
      resolved: [
        { scope: "server", path: "notebooks/lib/near.ts" },
        { scope: "kernel", path: at("notebooks/lib/near.ts") },
      ],
    });
    expect(await resolved("lib/clean.ts", kernel.id)).toEqual({
      resolved: [{ scope: "server", path: "lib/clean.ts" }],
    });
    const foreign = join(server.outside, "foreign.ts");
    expect(await resolved(foreign, kernel.id)).toEqual({ resolved: [{ scope: "kernel", path: foreign }] });
    await server.api("DELETE", `/api/kernels/${kernel.id}`);
    expect(await resolved("lib/clean.ts", kernel.id)).toEqual({
      resolved: [{ scope: "server", path: "lib/clean.ts" }],
      unresolved: [{ scope: "kernel", reason: `Cannot find kernel "${kernel.id}": expected one that runs` }],
    });
  });
});

describe("an id that the client chose", () => {
  test("is the kernel's, once at a time", async () => {
    const id = randomUUID();
    const [first, second] = await Promise.all([start({ kernel_id: id }), start({ kernel_id: id })]);
    expect([first.status, first.body.id, first.headers.get("location")]).toEqual([201, id, `/api/kernels/${id}`]);
    expect([second.status, second.body]).toEqual([
      409,
      expect.objectContaining({ message: expect.stringContaining(id) }),
    ]);
    expect((await start({ kernel_id: id })).status).toBe(409);
    await server.api("DELETE", `/api/kernels/${id}`);
    expect((await start({ kernel_id: "../etc" })).status).toBe(400);
  });

  test("is that of the kernel which a session starts, and of the one it finds", async () => {
    const id = randomUUID();
    const open = (path: string) =>
      server.api<{ id: string; kernel: KernelModel }>("POST", "/api/sessions", {
        path,
        type: "notebook",
        kernel: { id },
      });
    const first = await open("notebooks/train.ipynb");
    expect([first.status, first.body.kernel.id]).toEqual([201, id]);
    const second = await open("other.ipynb");
    expect([second.status, second.body.kernel.id]).toEqual([201, id]);
    expect((await server.api<KernelModel[]>("GET", "/api/kernels")).body).toHaveLength(1);
    for (const { body } of [first, second]) await server.api("DELETE", `/api/sessions/${body.id}`);
    expect((await server.api<KernelModel[]>("GET", "/api/kernels")).body).toEqual([]);
  });
});
