// What a run over a network must do when its connection is cut, told once for our server and for others: a notebook whose cells
// count their runs in a file.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { type CodeCell, textOf } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/read-notebook.ts";
import { bin, cleanEnvironment } from "./cli.ts";
import { type DroppingProxy, droppingProxy } from "./dropping-proxy.ts";
import { notebookText } from "./notebooks.ts";

const longBytes = 2000;

interface Gateway {
  readonly url: string;
  readonly token: string;
}

/**
 * Runs the notebook while `trouble` happens.
 *
 * @param folder of the notebook; its kernel writes there too
 * @param silence in seconds, after which a connection counts as lost
 */
async function runThrough(
  { url, token }: Gateway,
  folder: string,
  trouble: (proxy: DroppingProxy) => Promise<void>,
  silence?: number,
): Promise<{ code: number | null; said: string; printed: (string | undefined)[]; runs: string }> {
  await using proxy = await droppingProxy(url);
  const at = (name: string) => JSON.stringify(join(folder, name));
  const count = (id: string) => `fs.appendFileSync(${at("runs")}, "${id}");`;
  const slow = [
    `// ${randomBytes(longBytes).toString("base64")}`,
    count("b"),
    'console.log("before");',
    `fs.writeFileSync(${at("started")}, "");`,
    `while (!fs.existsSync(${at("cut")})) await new Promise((done) => setTimeout(done, 20));`,
    'for (let i = 0; i < 50; i++) console.log("away", i);',
    `fs.writeFileSync(${at("ended")}, "");`,
    '"result"',
  ].join("\n");
  const sources = { a: `import fs from "node:fs";\n${count("a")}`, b: slow, c: `${count("c")}\nconsole.log("after")` };
  const cells = Object.entries(sources).map(([id, source]) => ({ id, source }));
  writeFileSync(join(folder, "lossy.ipynb"), notebookText(cells));
  const flags = ["-o", "lossy-out.ipynb", "--gateway", proxy.url, "--gateway-token", token];
  if (silence !== undefined) flags.push("--gateway-timeout", String(silence));
  const child = spawn(process.execPath, [bin, "run", "lossy.ipynb", ...flags], {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await Promise.race([trouble(proxy), ended]);
  const code = await ended;
  const { cells: executed } = readNotebook(readFileSync(join(folder, "lossy-out.ipynb"), "utf8"));
  const printed = executed.map((cell) => {
    const [output] = (cell as CodeCell).outputs;
    return output?.output_type === "stream" ? textOf(output.text) : undefined;
  });
  return { code, said, printed, runs: readFileSync(join(folder, "runs"), "utf8") };
}

async function fileAt(path: string): Promise<void> {
  while (!existsSync(path)) await wait(20);
}

const allRan = { code: 0, said: expect.stringContaining("ok  3/3") };

/** The connection falls silent in the middle of a cell, and neither end is told; the cell ends when another one is there. */
export async function expectSilenceToEnd(gateway: Gateway, folder: string): Promise<void> {
  const trouble = async (proxy: DroppingProxy): Promise<void> => {
    await fileAt(join(folder, "started"));
    proxy.freeze();
    await proxy.opened();
    writeFileSync(join(folder, "cut"), "");
  };
  const { printed, runs, ...how } = await runThrough(gateway, folder, trouble, 1);
  expect(how).toEqual(allRan);
  expect([runs, printed.at(-1)]).toEqual(["abc", "after\n"]);
}

/** The same, and the cell ends in the silence: what it said went to nobody. */
export async function expectSilenceToBeTold(gateway: Gateway, folder: string): Promise<void> {
  const trouble = async (proxy: DroppingProxy): Promise<void> => {
    await fileAt(join(folder, "started"));
    proxy.freeze();
    writeFileSync(join(folder, "cut"), "");
  };
  const { code, said, runs } = await runThrough(gateway, folder, trouble, 1);
  const told = "the cell has ended, and the server has not kept all that it said";
  expect([code, said, runs]).toEqual([1, expect.stringContaining(told), "ab"]);
}

/** The connection is cut in the middle of a cell, which ends before it is there again. */
export async function expectCellToSurvive(gateway: Gateway, folder: string): Promise<void> {
  const { printed, runs, ...how } = await runThrough(gateway, folder, async (proxy) => {
    await fileAt(join(folder, "started"));
    await proxy.sent("before\\n"); // as JSON has it: what is under way into a dead connection may be gone
    proxy.drop();
    writeFileSync(join(folder, "cut"), "");
    await fileAt(join(folder, "ended"));
    proxy.heal();
  });
  expect(how).toEqual(allRan);
  const away = Array.from({ length: 50 }, (_, i) => `away ${i}\n`).join("");
  expect([runs, printed]).toEqual(["abc", [undefined, `before\n${away}`, "after\n"]]);
}

/** The connection is cut while a cell's request is on its way: the kernel never saw it. */
export async function expectRequestToArrive(gateway: Gateway, folder: string): Promise<void> {
  writeFileSync(join(folder, "cut"), "");
  let cut = false;
  const { printed, runs, ...how } = await runThrough(gateway, folder, async (proxy) => {
    proxy.swallowNext((bytes) => {
      cut = (bytes[0]! & 0x80) !== 0 && bytes.length > longBytes; // a frame of a WebSocket, and only that cell's is so long
      return cut;
    });
  });
  expect(how).toEqual(allRan);
  expect([cut, runs, printed.at(-1)]).toEqual([true, "abc", "after\n"]);
}
