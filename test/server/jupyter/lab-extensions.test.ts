// Prebuilt extensions of Lab: put into the folder by the command, and given to the page by the server.
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installExtension, removeExtension } from "../../../server/cli/lab-extension/install-extension.ts";
import { unpack } from "../../../server/cli/lab-extension/unpack.ts";
import { labExtensions } from "../../../server/jupyter/lab/lab-extensions.ts";
import { cellwright, root, temporaryFolder } from "../../support/cli.ts";
import { type LabServer, labServer } from "./lab-server.ts";

const fixture = join(root, "test/fixtures/lab-extension");
const name = "@somebody/greeter";

describe("a prebuilt extension", () => {
  let server: LabServer;
  beforeAll(async () => {
    server = await labServer();
    installExtension(fixture, join(server.home, "labextensions"));
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test("is named to the page, with its scripts, settings and theme", async () => {
    const { body } = await server.api<string>("GET", "/lab");
    const [, config] = /id="jupyter-config-data" type="application\/json">(.*?)<\/script>/s.exec(body)!;
    const load = "static/remoteEntry.0123456789abcdef.js";
    expect(JSON.parse(config!).federated_extensions).toEqual([{ name, load, extension: "./extension" }]);
    const script = await server.api<string>("GET", `/lab/extensions/${name}/${load}`);
    expect([script.status, script.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
    const { body: settings } = await server.api("GET", `/lab/api/settings/${name}:plugin`);
    expect(settings).toMatchObject({ version: "1.2.3", schema: { title: "Greeter" } });
    const saved = await server.api("PUT", `/lab/api/settings/${name}:plugin`, { raw: '{"loud":true}' });
    expect(saved.status).toBe(204);
    expect((await server.api<string>("GET", `/lab/api/themes/${name}/index.css`)).body).toContain("--greeter");
  });

  test("gives nothing but scripts and themes, and none to whoever has no token", async () => {
    const load = `/lab/extensions/${name}/static/remoteEntry.0123456789abcdef.js`;
    expect((await server.api("GET", load, undefined, {})).status).toBe(401);
    for (const path of [
      "package.json",
      "static/../package.json",
      "static/%2e%2e/package.json",
      "static%2f..%2fpackage.json",
    ])
      expect((await server.api("GET", `/lab/extensions/${name}/${path}`)).status, path).toBe(404);
    expect((await server.api("GET", `/lab/extensions/@somebody/else/static/a.js`)).status).toBe(404);
    expect((await server.api("GET", `/lab/api/themes/${name}/..%2f..%2f..%2fpackage.json`)).status).toBe(404);
  });
});

test("what is broken in the folder is passed over with a word", () => {
  using folder = temporaryFolder();
  cpSync(fixture, join(folder.path, "broken"), { recursive: true });
  writeFileSync(join(folder.path, "broken/package.json"), '{"name":"broken","version":"1","jupyterlab":{}}');
  const problems: string[] = [];
  expect(labExtensions(folder.path, (problem) => problems.push(problem))).toEqual([]);
  expect(problems).toEqual([expect.stringContaining("expected jupyterlab._build")]);
  expect(labExtensions(join(folder.path, "nowhere"))).toEqual([]);
});

test("the command installs from below a folder, lists, replaces and removes", async () => {
  using folder = temporaryFolder();
  const wheel = join(folder.path, "wheel/share/jupyter/labextensions/@somebody/greeter");
  cpSync(fixture, wheel, { recursive: true });
  symlinkSync("/etc/passwd", join(wheel, "static/passwd"));
  const env = { CELLWRIGHT_HOME: join(folder.path, "home") };
  const run = (...args: string[]) => cellwright(["lab", "extension", ...args], { env });
  for (const _ of ["first", "again"])
    expect(await run("install", join(folder.path, "wheel"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${name}  1.2.3`),
    });
  const installed = join(folder.path, "home/labextensions");
  expect(existsSync(join(installed, name, "static/passwd"))).toBe(false);
  expect(readdirSync(installed)).toEqual(["@somebody"]); // nothing half-made is left
  expect(JSON.parse((await run("list", "--json")).stdout)).toMatchObject({ extensions: [{ name, version: "1.2.3" }] });
  const missing = await run("install", join(folder.path, "home"), "--json");
  expect(missing.code).toBe(0); // the one that is installed is a prebuilt one, too
  expect((await run("remove", name)).code).toBe(0);
  expect(await run("remove", name)).toMatchObject({ code: 1, stderr: expect.stringContaining("none installed") });
  mkdirSync(join(folder.path, "empty"));
  expect(await run("install", join(folder.path, "empty"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("found no prebuilt extension"),
  });
});

describe("an archive", () => {
  test("is taken apart into its folder", () => {
    using folder = temporaryFolder();
    writeFileSync(
      join(folder.path, "a.tgz"),
      gzipSync(tar({ "package/package.json": "{}", "package/static/a.js": "a" })),
    );
    unpack(join(folder.path, "a.tgz"), join(folder.path, "out"));
    expect(readdirSync(join(folder.path, "out/package"))).toEqual(["package.json", "static"]);
  });

  test("that names places outside is refused", () => {
    using folder = temporaryFolder();
    for (const path of ["../out.js", "/tmp/out.js", "a/../../out.js", "a\\..\\out.js"]) {
      writeFileSync(join(folder.path, "a.tgz"), gzipSync(tar({ [path]: "bad" })));
      expect(() => unpack(join(folder.path, "a.tgz"), join(folder.path, "in/it")), path).toThrow(
        "expected paths inside",
      );
    }
    writeFileSync(join(folder.path, "a.whl"), "no archive at all");
    expect(() => unpack(join(folder.path, "a.whl"), folder.path)).toThrow("neither a tarball nor a wheel");
  });

  test("of nothing is removed by a name that leads elsewhere", () => {
    using folder = temporaryFolder();
    expect(() => removeExtension("../other", folder.path)).toThrow("none installed");
  });
});

/** Files by path, as ustar has them. */
function tar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(text.length.toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    return [header, Buffer.concat([Buffer.from(text), Buffer.alloc(512 - text.length)])];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
