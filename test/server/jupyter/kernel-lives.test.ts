// How kernels end: one that keeps ending is started again a few times and is dead then; one that nobody uses is ended.
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { findKernelspec } from "../../../kernel/client/kernelspecs.ts";
import { createPlaces } from "../../../server/jupyter/contents/places.ts";
import { startKernel } from "../../../server/jupyter/kernels/kernel.ts";
import { stateOf, typeOf } from "../../../server/jupyter/kernels/kernel-link.ts";
import { createKernels } from "../../../server/jupyter/kernels/kernels.ts";
import { createKernelspecs } from "../../../server/jupyter/kernels/kernelspecs.ts";
import { cleanEnvironment, temporaryFolder } from "../../support/cli.ts";
import { LabServer } from "./lab-server.ts";

test("a kernel that ends as soon as it starts is started five times more, and is dead then", async () => {
  using folder = temporaryFolder();
  const spec = { ...findKernelspec("cellwright"), argv: [process.execPath, "-e", "process.exit(7)"] };
  const env = cleanEnvironment();
  const actions: string[] = [];
  const onAction = ({ action }: { readonly action: string }): void => void actions.push(action);
  const kernel = await startKernel({ id: "k", spec, cwd: folder.path, env, clock: Date.now, onAction });
  const states: string[] = [];
  kernel.listen({
    session: "s",
    hear: (_channel, { parts: [header, , , content] }) =>
      typeOf(header!) === "status" && states.push(stateOf(content!)),
  });
  await expect.poll(() => kernel.model().execution_state, { timeout: 20_000 }).toBe("dead");
  expect(states.filter((state) => /restarting/.test(state)).length).toBeLessThanOrEqual(5);
  expect(states.at(-1)).toBe("dead");
  expect(actions).toEqual(Array(5).fill("restart"));
});

test("a kernel whose command does not exist is refused with the reason, and leaves neither kernel nor session", async () => {
  await using server = new LabServer();
  const kernels = join(server.outside, "data", "kernels", "missing");
  mkdirSync(kernels, { recursive: true });
  const spec = { argv: ["/no/such/program", "{connection_file}"], display_name: "Missing", language: "none" };
  writeFileSync(join(kernels, "kernel.json"), JSON.stringify(spec));
  vi.stubEnv("JUPYTER_PATH", join(server.outside, "data"));
  try {
    await server.start();
    const asked = { name: "a.ipynb", path: "a.ipynb", type: "notebook", kernel: { name: "missing" } };
    const replies = [
      await server.api("POST", "/api/kernels", { name: "missing" }),
      await server.api("POST", "/api/sessions", asked),
    ];
    for (const { status, body } of replies) {
      expect(status).toBe(500);
      expect(JSON.stringify(body)).toContain("it could not be started (spawn /no/such/program ENOENT)");
    }
    expect((await server.api("GET", "/api/kernels")).body).toEqual([]);
    expect((await server.api("GET", "/api/sessions")).body).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a kernel that nobody uses is ended with its key; one that works, or is listened to, is not", async () => {
  using folder = temporaryFolder();
  const released: string[] = [];
  const ended: string[] = [];
  const kernels = createKernels({
    specs: createKernelspecs({ env: cleanEnvironment(), onProblem: () => {} }),
    places: createPlaces({ project: realpathSync(folder.path), home: realpathSync(folder.path) }),
    environment: async (id) => ({ env: cleanEnvironment(), release: async () => void released.push(id) }),
    idleMs: 400,
    clock: Date.now,
    onAction: ({ action, kernel_id: id }) => action === "shutdown" && ended.push(id),
  });
  try {
    const [unused, heard, busy] = [
      await kernels.start("cellwright", ""),
      await kernels.start("cellwright", ""),
      await kernels.start("cellwright", ""),
    ];
    const leave = heard.listen({ session: "s", hear: () => {} });
    const header = {
      msg_id: "1",
      msg_type: "execute_request",
      session: "gone",
      username: "",
      date: "",
      version: "5.3",
    };
    const content = { code: "await new Promise(() => {})" };
    busy.send("shell", {
      parts: [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part))),
      buffers: [],
    });
    await expect.poll(() => released, { timeout: 20_000 }).toEqual([unused.id]);
    expect(
      kernels
        .all()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([heard.id, busy.id].sort());
    leave();
    busy.interrupt();
    await expect.poll(() => [...released].sort(), { timeout: 20_000 }).toEqual([unused.id, heard.id, busy.id].sort());
    expect(kernels.all()).toEqual([]);
    expect(ended.sort()).toEqual([unused.id, heard.id, busy.id].sort());
  } finally {
    await kernels.close();
  }
});
