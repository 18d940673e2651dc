// What Lab has of ours beside the notebook, in a real browser: the launcher's section, the list of variables, "Deploy…", cells that
// go on after a reload, two windows on one notebook, and terminals.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { type LabPage, labPage, patient } from "./lab-page.ts";
import { desktop, type OpenedPage, openIn, phone, screenshotPath } from "./open-page.ts";
import { makeProject, type Project } from "./project.ts";
import { type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
/** Of a terminal drawn without a graphics card, or on a busy machine. */
const ofTheMachine = /GL Driver Message|task queue exceeded allotted deadline/;

describe.skipIf(!chromium)("Lab", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    project = makeProject();
    mkdirSync(join(project.folder, "notebooks"), { recursive: true });
    server = await startServer(project.folder);
    browser = await launchChromium(chromium!);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  /** A window in a workspace of this name; at the test's end it has complained of nothing and asked nobody else. */
  async function open(
    path: string,
    workspace: string,
    options: BrowserContextOptions = {},
  ): Promise<OpenedPage & { lab: LabPage }> {
    const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
    onTestFinished(() => context.close());
    await context.route(
      ({ protocol, origin }) => /^http/.test(protocol) && origin !== server.url,
      (route) => route.abort(),
    );
    const opened = await openIn(context, server, `/lab/workspaces/${workspace}/tree/${path}`);
    await opened.page.locator("body[data-lab-state=restored]").waitFor({ ...patient, state: "attached" });
    return { ...opened, lab: labPage(opened.page) };
  }
  const quiet = ({ complaints, strangers }: OpenedPage, expected: readonly string[] = []): void => {
    expect(complaints.filter((complaint) => !ofTheMachine.test(complaint))).toEqual(expected);
    expect(strangers).toEqual([]);
  };
  const textOf = (file: string): string => readFileSync(join(project.folder, file), "utf8");
  const put = (file: string, ...sources: string[]): void => {
    const cells = sources.map((source, i) => ({
      ...{ id: `c${i}`, cell_type: "code", metadata: {}, execution_count: null, outputs: [] },
      source,
    }));
    const metadata = { kernelspec: { display_name: "TypeScript (Cellwright)", name: "cellwright" } };
    writeFileSync(join(project.folder, file), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  };

  test("offers notebooks to begin with, lists their variables, and deploys what they export", {
    timeout: 60_000,
  }, async () => {
    const opened = await open("notebooks", "launcher");
    const { page, lab } = opened;
    const section = page.locator(".jp-LauncherCard[data-category=Cellwright]");
    await section.first().waitFor(patient);
    expect(await section.allTextContents()).toEqual([
      ...["Ingest rows", "Train a model", "Serve a function", "Dashboard", "Jobs", "Models", "Applications"],
    ]);
    await page.screenshot({ path: screenshotPath("lab-launcher") });
    await section.filter({ hasText: "Serve a function" }).click();
    await page.waitForURL(/notebooks\/serve\.ipynb$/);
    await lab.ready();
    await page.locator('.jp-SideBar .lm-TabBar-tab[data-id="cellwright-variables"]').click();
    await lab.cells.first().click();
    await lab.chooseFromMenu("Run", "Run All Cells");
    const variables = page.locator("#cellwright-variables");
    await variables.getByRole("row").filter({ hasText: "usualAmount" }).getByText("64").waitFor(patient);
    await page.screenshot({ path: screenshotPath("lab-variables") });

    await page.getByRole("button", { name: "Deploy…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor({ ...patient, state: "attached" });
    expect(await dialog.locator("option").allTextContents()).toEqual(["score"]);
    await lab.answer({ button: "Deploy", text: "bills" });
    await dialog.getByText("bills answers calls.").waitFor(patient);
    await page.screenshot({ path: screenshotPath("lab-deployed") });
    const [endpoint, accessKey] = await dialog
      .locator("textarea")
      .evaluateAll((all) => all.map((field) => (field as HTMLTextAreaElement).value));
    const reply = await fetch(endpoint!, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ accessKey, request: { amount: 128 } }),
    });
    expect(await reply.json()).toMatchObject({ success: true, response: { prediction: { share: 2, unusual: true } } });
    await lab.answer({ button: "Close" });
    quiet(opened);
  });

  test("shows after a reload what a cell prints that was running", { timeout: 60_000 }, async () => {
    rmSync(join(project.folder, "notebooks/go"), { force: true });
    put(
      "notebooks/long.ipynb",
      "const { existsSync } = await import('node:fs');\nlet go = false;\nconsole.log('before');\nwhile (!go) { console.log('going on'); await new Promise((r) => setTimeout(r, 200)); go = existsSync('go'); }\nconsole.log('after'); 6 * 7",
      "`then ${7 * 7}`",
    );
    const opened = await open("notebooks/long.ipynb", "long");
    const { page, lab } = opened;
    await lab.ready();
    await lab.cells.first().click();
    await lab.chooseFromMenu("Run", "Run All Cells");
    const outputs = (index: number) => lab.cells.nth(index).locator(".jp-OutputArea-output");
    await outputs(0).filter({ hasText: "before" }).waitFor(patient); // its code says so too
    await page.reload();
    await lab.cells.first().waitFor(patient);
    await outputs(0).filter({ hasText: "going on" }).waitFor(patient);
    expect(await outputs(0).first().textContent()).toMatch(/^before\ngoing on/);
    expect(await lab.cells.nth(1).locator(".jp-InputPrompt").textContent()).toBe("[*]:");
    writeFileSync(join(project.folder, "notebooks/go"), "");
    await outputs(0).filter({ hasText: "42" }).waitFor(patient);
    await outputs(1).filter({ hasText: "then 49" }).waitFor(patient);
    expect(await outputs(0).first().textContent()).toMatch(/after\n?$/);
    await expect.poll(() => lab.cells.first().locator(".jp-InputPrompt").textContent(), patient).toBe("[1]:");
    await expect.poll(() => textOf("notebooks/long.ipynb"), patient).toContain("then 49"); // kept, without being asked
    quiet(opened);
  });

  test("asks which one counts when two windows have changed a notebook", { timeout: 60_000 }, async () => {
    put("notebooks/shared.ipynb", "'as it was'");
    const [one, two] = [await open("notebooks/shared.ipynb", "one"), await open("notebooks/shared.ipynb", "two")];
    for (const { lab } of [one, two]) await lab.ready();
    const change = async ({ page, lab }: typeof one, source: string) => {
      await lab.cells.first().locator(".cm-content").click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(source);
      await page.keyboard.press("Control+s");
    };
    await change(one, "'of the first window'");
    await expect.poll(() => textOf("notebooks/shared.ipynb"), patient).toContain("of the first window");
    await change(two, "'of the second window'");
    const dialog = two.page.getByRole("dialog");
    await dialog.waitFor({ ...patient, state: "attached" });
    expect(await dialog.locator(".jp-Dialog-buttonLabel").allTextContents()).toEqual(["Cancel", "Revert", "Overwrite"]);
    expect(textOf("notebooks/shared.ipynb")).toContain("of the first window");
    await two.lab.answer({ button: "Overwrite" });
    await expect.poll(() => textOf("notebooks/shared.ipynb"), patient).toContain("of the second window");
    quiet(one);
    quiet(two, ["Different hash found for notebooks/shared.ipynb"]); // Lab writes down why it asks
  });

  test("has a terminal in the project's folder", { timeout: 60_000 }, async () => {
    const opened = await open("notebooks", "terminal");
    const { page } = opened;
    await page.locator(".jp-LauncherCard", { hasText: "Terminal" }).click();
    await page.locator(".jp-Terminal .xterm-helper-textarea").waitFor({ ...patient, state: "attached" });
    await page.locator(".jp-Terminal").click();
    await page.keyboard.type("echo typed > from-terminal.txt\n");
    await expect
      .poll(() => ["", "notebooks/"].some((at) => existsSync(join(project.folder, at, "from-terminal.txt"))), patient)
      .toBe(true);
    quiet(opened);
  });

  test("keeps a notebook readable on a phone", async () => {
    const opened = await open("notebooks/shared.ipynb", "phone", { viewport: phone });
    const { page, lab } = opened;
    await lab.cells.first().waitFor(patient);
    await expect
      .poll(async () => (await lab.cells.first().boundingBox())?.width, patient)
      .toBeGreaterThan(phone.width / 2);
    await page.screenshot({ path: screenshotPath("lab-phone") });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
    quiet(opened);
  });
});
