// JupyterLab served by us beside PyPI's, in one run and one Chromium: from an empty cache to restored, a folder of 5,000 files, a
// notebook of 200 cells, an upload of 200 MB, the server's memory. CELLWRIGHT_PYTHON names a Python with jupyterlab and ipykernel;
// without it our column stands alone.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "playwright-core";
import { median, startCommand } from "./measure.mjs";

const boots = 3;
const files = 5000;
const cells = 200;
const uploadMegabytes = 200;
const token = "a-token-of-this-bench";
const headers = { authorization: `token ${token}`, "content-type": "application/json" };
const python = process.env.CELLWRIGHT_PYTHON;

export async function bench() {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-lab-"));
  const executablePath = process.env.CELLWRIGHT_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const servers = [];
  try {
    servers.push(await startOurs(project(join(folder, "ours"), "cellwright-run", "typescript")));
    if (python) servers.push(await startTheirs(project(join(folder, "theirs"), "python3", "python")));
    const figures = servers.map(() => ({}));
    const boot = servers.map(() => []);
    for (let run = 0; run < boots; run++)
      for (const [i, server] of servers.entries()) boot[i].push(await measureBoot(browser, server));
    for (const [i, server] of servers.entries()) {
      const [first] = boot[i];
      Object.assign(figures[i], {
        boot: median(boot[i].map(({ ms }) => ms)),
        requests: first.requests,
        bytes: first.bytes,
      });
      figures[i].listing = await measureListing(server);
      Object.assign(figures[i], await measureNotebook(browser, server));
      figures[i].upload = await measureUpload(server);
      figures[i].memory = memoryOf(server.pid);
    }
    return rowsOf(...figures);
  } finally {
    await browser.close();
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function rowsOf(ours, theirs) {
  const row = (what, name, unit, goal, digits = 0) => ({
    what,
    ours: `${ours[name].toFixed(digits)}${unit}`,
    peer: theirs ? `${theirs[name].toFixed(digits)}${unit}` : undefined,
    ratio: theirs ? (ours[name] / theirs[name]).toFixed(2) : undefined,
    goal,
  });
  return [
    row("boot, empty cache → restored", "boot", " ms", "≤ .65×"),
    row("requests at boot", "requests", ""),
    row("fetched at boot", "bytes", " MB", undefined, 1),
    row(`listing of ${files.toLocaleString("en")} files`, "listing", " ms", "≤ .1×"),
    row(`opening ${cells} cells until drawn`, "open", " ms", "≤ .6×"),
    row("run all, a cell", "cell", " ms", "≤ .5×, ≤ 6 ms", 1),
    row(`upload of ${uploadMegabytes} MB in chunks`, "upload", " ms"),
    row("the server's memory after it all", "memory", " MB", "≤ 150 MB"),
  ];
}

/** A folder with many files and a notebook of trivial cells. */
function project(path, kernel, language) {
  mkdirSync(join(path, "many"), { recursive: true });
  for (let i = 0; i < files; i++) writeFileSync(join(path, "many", `file-${i}.txt`), `${i}\n`);
  const code = (i) => ({
    ...{ cell_type: "code", execution_count: null, id: `c${i}`, metadata: {}, outputs: [], source: `${i} + 1` },
  });
  const notebook = {
    cells: Array.from({ length: cells }, (_, i) => code(i)),
    metadata: { kernelspec: { name: kernel, display_name: kernel, language }, language_info: { name: language } },
    ...{ nbformat: 4, nbformat_minor: 5 },
  };
  writeFileSync(join(path, "cells.ipynb"), JSON.stringify(notebook, null, 1));
  return path;
}

async function startOurs(path) {
  const port = await freePort();
  const flags = ["--no-demo", "--port", String(port), "--token", token, "--project", path];
  return started(process.execPath, [...startCommand(), ...flags], port, path);
}

async function startTheirs(path) {
  const port = await freePort();
  const flags = [
    `--ServerApp.port=${port}`,
    `--ServerApp.root_dir=${path}`,
    "--ServerApp.open_browser=False",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--allow-root",
  ];
  return started(python, ["-m", "jupyterlab", ...flags], port, path);
}

async function started(command, args, port, path) {
  const env = {
    ...process.env,
    ...{ CELLWRIGHT_HOME: join(path, ".home"), JUPYTER_TOKEN: token, JUPYTER_CONFIG_DIR: join(path, ".config") },
    ...{
      JUPYTER_DATA_DIR: join(path, ".data"),
      JUPYTER_RUNTIME_DIR: join(path, ".runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(path, ".settings"),
    },
    ...{ JUPYTERLAB_WORKSPACES_DIR: join(path, ".workspaces"), IPYTHONDIR: join(path, ".ipython") },
  };
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said = `${said}${text}`.slice(-4000);
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`Cannot bench Lab: ${command} ended: ${said}`);
    const answers = await fetch(`${url}/api/status`, { headers }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { url, pid: child.pid, stop };
    await wait(100);
  }
  throw new Error(`Cannot bench Lab: ${command} does not answer: ${said}`);
}

async function openPage(browser, { url }, path = "/lab") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const traffic = { requests: 0, bytes: 0 };
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    traffic.requests++;
    traffic.bytes += encodedDataLength;
  });
  const start = performance.now();
  await page.goto(`${url}${path}?token=${token}&reset`, { waitUntil: "commit" });
  await page.waitForFunction(isRestored, undefined, { polling: 20, timeout: 120_000 });
  const ms = performance.now() - start;
  return { context, page, traffic, ms };

  /** Ours says it on the body, theirs by its application. */
  function isRestored() {
    if (document.body?.dataset.labState === "restored") return true;
    const app = globalThis.jupyterapp;
    app?.restored.then(() => {
      document.body.dataset.labState = "restored";
    });
    return false;
  }
}

async function measureBoot(browser, server) {
  const { context, traffic, ms } = await openPage(browser, server);
  await context.close();
  return { ms, requests: traffic.requests, bytes: traffic.bytes / 1e6 };
}

async function measureListing({ url }) {
  const times = [];
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    const { content } = await (await fetch(`${url}/api/contents/many?content=1`, { headers })).json();
    if (content.length !== files) throw new Error(`Cannot bench the listing: found ${content.length} files`);
    times.push(performance.now() - start);
  }
  return median(times.slice(1));
}

async function measureNotebook(browser, server) {
  const { context, page } = await openPage(browser, server);
  const item = page.locator(".jp-DirListing-item", { hasText: "cells.ipynb" });
  await item.waitFor();
  const start = performance.now();
  await item.dblclick();
  const drawn = (count) => document.querySelectorAll(".jp-Notebook .jp-CodeCell .cm-content").length === count;
  await page.waitForFunction(drawn, cells, { polling: 20, timeout: 120_000 });
  const open = performance.now() - start;
  const idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
  await idle.first().waitFor({ state: "attached", timeout: 60_000 });
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  const all = page.locator(".lm-Menu-item", { has: page.getByText("Run All Cells", { exact: true }) });
  await all.waitFor();
  const ran = performance.now();
  await all.click();
  const isDone = (count) =>
    [...document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt")].some(
      ({ textContent }) => textContent.trim() === `[${count}]:`,
    );
  await page.waitForFunction(isDone, cells, { polling: 10, timeout: 120_000 });
  const cell = (performance.now() - ran) / cells;
  await context.close();
  return { open, cell };
}

/** As Lab uploads: chunks of 1 MB, the last one numbered −1. */
async function measureUpload({ url }) {
  const content = Buffer.alloc(1_000_000, "0123456789").toString("base64");
  const start = performance.now();
  for (let chunk = 1; chunk <= uploadMegabytes; chunk++) {
    const last = chunk === uploadMegabytes;
    const model = {
      type: "file",
      format: "base64",
      name: "big.bin",
      path: "big.bin",
      chunk: last ? -1 : chunk,
      content,
    };
    const reply = await fetch(`${url}/api/contents/big.bin`, { method: "PUT", headers, body: JSON.stringify(model) });
    if (!reply.ok) throw new Error(`Cannot bench the upload: chunk ${chunk} got ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
  }
  return performance.now() - start;
}

/** Resident, of the server's own process. */
function memoryOf(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
