// JupyterLab in a real browser on the real server: a notebook of the example is run, changed, interrupted, restarted, saved and
// renamed, as a person does it.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/cli.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { type LabPage, labPage, patient } from "./lab-page.ts";
import { desktop, type OpenedPage, openIn, screenshotPath } from "./open-page.ts";
import { seriousFindings } from "./page-reading.ts";
import { makeProject, type Project } from "./project.ts";
import { type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const path = "notebooks/1_data_ingest.ipynb";
const attached = { ...patient, state: "attached" } as const;

/** What axe finds in JupyterLab's own widgets, which are not ours to mend. */
const labsOwn = [
  "aria-allowed-attr", // its buttons are told to be pressed without being toggles
  "aria-input-field-name", // editors of cells have no name
  "aria-required-children", // the list of cells is a feed of no articles
  "button-name", // what folds a heading
];

/** What JupyterLab's client says whenever a kernel is restarted: it opens its line anew. */
const onRestart = "Connection lost, reconnecting in 0 seconds.";

interface SavedNotebook {
  readonly cells: readonly { readonly source: string | readonly string[]; readonly outputs?: readonly unknown[] }[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

describe.skipIf(!chromium)("a notebook in Lab", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  let lab: LabPage;

  async function open(options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
    await context.route(
      ({ protocol, origin }) => /^http/.test(protocol) && origin !== server.url,
      (route) => route.abort(),
    );
    const it = await openIn(context, server, `/lab/tree/${path}`);
    await labPage(it.page).ready();
    return it;
  }
  const saved = (file = path): SavedNotebook => JSON.parse(readFileSync(join(project.folder, file), "utf8"));
  const textOf = (file = path): string => JSON.stringify(saved(file));

  beforeAll(async () => {
    project = makeProject();
    mkdirSync(dirname(join(project.folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(project.folder, path));
    server = await startServer(project.folder);
    await drawAllCells(server);
    browser = await launchChromium(chromium!);
    opened = await open();
    page = opened.page;
    lab = labPage(page);
  }, 120_000);

  afterEach(() => {
    expect(opened?.complaints.filter((complaint) => complaint !== onRestart)).toEqual([]);
    expect(opened?.strangers).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  test("is there soon, in the scripts of this server alone", async () => {
    const bootMs = await page.evaluate(() => performance.getEntriesByName("lab-restored")[0]!.startTime);
    expect(bootMs).toBeLessThan(20_000);
    expect(new URL(page.url()).search).toBe("");
    await expect.poll(() => lab.cells.count(), patient).toBe(saved().cells.length);
  });

  test("is run as a whole, and its plots are alive", { timeout: 60_000 }, async () => {
    await lab.cells.first().click(); // the notebook in front is the one that menus mean
    await lab.chooseFromMenu("Run", "Run All Cells");
    const codeCells = saved().cells.filter(({ outputs }) => outputs).length;
    await page.locator(".jp-InputPrompt", { hasText: `[${codeCells}]:` }).waitFor(attached);
    await lab.idle();
    expect(await page.locator('.jp-OutputArea-output[data-mime-type$="stderr"]').count()).toBe(0);
    const [tenure, contracts] = await plotsOf(page);
    expect(tenure!.sum).toBe(7043);
    expect(tenure!.drawn).toBe(tenure!.points);
    expect(contracts).toEqual({ points: 3, drawn: 3, sum: 7043 });
    await page.locator(".js-plotly-plot").first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: screenshotPath("lab-light") });
  });

  test("has no serious accessibility finding of ours", { timeout: 60_000 }, async () => {
    const findings = await seriousFindings(page);
    expect(findings.filter((finding) => !labsOwn.includes(finding.split(":")[0]!))).toEqual([]);
  });

  test("a new cell knows what the others made, and gives another answer when it is changed", async () => {
    await lab.cells.last().click();
    await page.keyboard.press("Shift+Enter"); // the last: Lab puts an empty one behind it
    const cell = await lab.run("customers.numRows() + 1");
    await cell.getByText("7044").waitFor(patient);
    await cell.locator(".cm-content").click();
    await page.keyboard.press("End");
    await page.keyboard.insertText("00");
    await page.keyboard.press("Shift+Enter");
    await cell.getByText("7143").waitFor(patient);
  });

  test("Tab offers the names in scope, with their members", async () => {
    const offers = page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item");
    await lab.type("custom");
    await page.keyboard.press("Tab");
    await offers.filter({ hasText: "customers" }).click();
    await expect.poll(() => lab.cells.last().locator(".cm-content").textContent(), patient).toBe("customers");
    await page.keyboard.insertText(".num");
    await page.keyboard.press("Tab");
    await offers.filter({ hasText: "numRows" }).waitFor(patient);
    expect(await offers.allTextContents()).toContainEqual(expect.stringContaining("numCols"));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
  });

  test("Shift+Tab says what a name is, with its types", async () => {
    await lab.run("const twice = (x: number) => 2 * x;");
    await lab.type("twice");
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip.getByText("const twice: (x: number) => number").waitFor(patient);
    await page.screenshot({ path: screenshotPath("lab-tooltip") });
    await page.keyboard.press("Escape");
    await tooltip.waitFor({ ...patient, state: "detached" });
    await lab.cells.last().locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
  });

  test("a loop without end is interrupted by the button, and what was before it is kept", {
    timeout: 60_000,
  }, async () => {
    await lab.run("let turns = 0;");
    const loop = await lab.type('console.log("turn" + "ing"); while (true) turns++;');
    await page.keyboard.press("Shift+Enter");
    await loop.getByText("turning").waitFor(patient);
    expect(await loop.locator(".jp-InputPrompt").textContent()).toBe("[*]:");
    await lab.tool("notebook:interrupt-kernel").click();
    await loop.getByText("KeyboardInterrupt").first().waitFor(patient);
    const after = await lab.run("`${turns > 0} ${customers.numRows()}`");
    await after.getByText("true 7043").waitFor(patient);
  });

  test("a restarted kernel has forgotten all, and runs again", { timeout: 60_000 }, async () => {
    await lab.tool("notebook:restart-kernel").click();
    await lab.answer({ button: "Restart" });
    await lab.idle();
    const cell = await lab.run("`${eval('typeof customers')} ${6 * 7}`");
    await cell.getByText("undefined 42").waitFor(patient);
  });

  test("is saved by Ctrl+S, on disk and when the page comes again", { timeout: 60_000 }, async () => {
    expect(textOf()).not.toContain("KeyboardInterrupt");
    await page.keyboard.press("Control+s");
    await expect.poll(() => textOf(), patient).toContain("KeyboardInterrupt");
    expect(textOf()).toContain("undefined 42");
    const cells = await lab.cells.count();
    expect(saved().cells.length).toBe(cells);
    await page.reload();
    await lab.ready();
    await expect.poll(() => lab.cells.count(), patient).toBe(cells); // Lab shows those out of sight when it has time
    await page.getByText("undefined 42").waitFor(patient);
    expect((await plotsOf(page)).map(({ points, drawn }) => points === drawn)).toEqual([true, true]);
  });

  test("is renamed, and its address with it", async () => {
    await lab.chooseFromMenu("File", "Rename Notebook…");
    await lab.answer({ button: "Rename", text: "customers.ipynb" });
    await page.waitForURL(/\/lab\/tree\/notebooks\/customers\.ipynb$/);
    expect(existsSync(join(project.folder, path))).toBe(false);
    expect(textOf("notebooks/customers.ipynb")).toContain("undefined 42");
  });

  test("the launcher makes a new one of our kernel", { timeout: 60_000 }, async () => {
    await page.keyboard.press("Control+Shift+l");
    await page.locator('.jp-LauncherCard[data-category="Notebook"]', { hasText: "TypeScript (Cellwright)" }).click();
    await page.waitForURL(/\/Untitled\.ipynb$/);
    await lab.cells.first().waitFor(patient); // its kernel starts yet: what is run waits for it
    const cell = await lab.run("const [first]: string[] = ['made', 'here']; first");
    await cell.locator(".jp-OutputArea-output").getByText("made").waitFor(patient);
    await page.keyboard.press("Control+s");
    await lab.answer({ button: "Rename and Save", text: "made.ipynb" });
    await expect.poll(() => existsSync(join(project.folder, "notebooks/made.ipynb")), patient).toBe(true);
    await expect.poll(() => textOf("notebooks/made.ipynb"), patient).toContain("made");
    expect(saved("notebooks/made.ipynb").metadata.kernelspec.name).toBe("cellwright");
  });
});

/** Points in each plot's data and as drawn, and the sum of what they say. */
async function plotsOf(page: Page): Promise<{ points: number; drawn: number; sum: number }[]> {
  await page.waitForFunction(() => document.querySelectorAll(".js-plotly-plot .point").length > 3, undefined, patient);
  return page.locator(".js-plotly-plot").evaluateAll((plots) =>
    plots.map((plot) => {
      const { data } = plot as unknown as { data: { y: number[] }[] };
      const values = data.flatMap(({ y }) => [...y]);
      const sum = values.reduce((all, value) => all + value, 0);
      return { points: values.length, drawn: plot.querySelectorAll(".point").length, sum };
    }),
  );
}

/** Lab draws the cells in sight alone, unless it is told to draw them all; then they can be counted. */
async function drawAllCells({ url, token }: RunningServer): Promise<void> {
  const reply = await fetch(`${url}/lab/api/settings/@jupyterlab/notebook-extension:tracker`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ raw: '{"windowingMode":"none"}' }),
  });
  expect(reply.ok).toBe(true);
}
