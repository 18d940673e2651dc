// `cellwright kernel`: a kernelspec that any Jupyter finds.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cellwright, root, temporaryFolder } from "../../support/cli.ts";

test("installs for the user, below a prefix, and into JUPYTER_DATA_DIR; lists and uninstalls what is there", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path, XDG_DATA_HOME: "", JUPYTER_DATA_DIR: "", JUPYTER_PATH: "" };
  const user = process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter";
  const places: [string[], Record<string, string>, string][] = [
    [["--user"], {}, user],
    [["--prefix", join(home.path, "venv")], {}, "venv/share/jupyter"],
    [[], { JUPYTER_DATA_DIR: join(home.path, "data") }, "data"],
  ];
  for (const [flags, extra, place] of places) {
    const kernel = (command: string, ...args: string[]) =>
      cellwright(["kernel", command, ...args], { env: { ...env, ...extra } });
    const folder = join(home.path, place, "kernels/cellwright");
    const installed = await kernel("install", ...flags);
    expect(installed).toEqual({
      code: 0,
      stdout: `cellwright  ${folder}\ncellwright-run  ${folder}-run\n`,
      stderr: "",
    });
    expect(readdirSync(folder).sort()).toEqual(["kernel.json", "logo-svg.svg"]);
    expect(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"))).toEqual({
      argv: [process.execPath, join(root, "dist/kernel/host/main.js"), "{connection_file}", "--mode", "check"],
      display_name: "TypeScript (Cellwright)",
      language: "typescript",
      interrupt_mode: "message",
      metadata: { debugger: true },
    });
    const where = flags.includes("--prefix") ? flags : [];
    const listed = await kernel("list", ...where, "--json");
    const found = JSON.parse(listed.stdout) as { kernels: { name: string; folder: string }[] };
    expect(found.kernels.filter(({ name }) => name === "cellwright")).toMatchObject([
      { folder, language: "typescript" },
    ]);
    expect((await kernel("uninstall", ...flags)).code).toBe(0);
    expect([existsSync(folder), existsSync(`${folder}-run`)]).toEqual([false, false]);
    const again = await kernel("uninstall", ...flags);
    expect([again.code, again.stderr]).toEqual([
      1,
      `✖ Cannot uninstall kernel cellwright: found none in ${join(home.path, place)}, expected one\n`,
    ]);
  }
});

test("lists the kernels of others beside ours, passing over broken ones, and installs anew over an old one", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path, JUPYTER_DATA_DIR: home.path, JUPYTER_PATH: "" };
  const write = (name: string, text: string) => {
    mkdirSync(join(home.path, "kernels", name), { recursive: true });
    writeFileSync(join(home.path, "kernels", name, "kernel.json"), text);
  };
  write("python3", JSON.stringify({ argv: ["python"], display_name: "Python 3", language: "python" }));
  write("broken", "{");
  write("cellwright", JSON.stringify({ argv: ["old"], display_name: "old", language: "typescript" }));
  expect((await cellwright(["kernel", "install"], { env })).code).toBe(0);
  const { stdout } = await cellwright(["kernel", "list"], { env });
  expect(stdout).toContain(`cellwright  TypeScript (Cellwright)  ${join(home.path, "kernels/cellwright")}\n`);
  expect(stdout).toContain(`python3  Python 3  ${join(home.path, "kernels/python3")}\n`);
  expect(stdout).not.toContain("broken");
});

test("refuses two places at once", async () => {
  const { code, stderr } = await cellwright(["kernel", "install", "--user", "--prefix", "x"]);
  expect(code).toBe(2);
  expect(stderr).toContain("option '--user' cannot be used with option '--prefix <folder>'");
});
