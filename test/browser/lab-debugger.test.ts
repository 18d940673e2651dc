// Lab's debugger on our kernel in a real browser: switched on, a line marked, stopped there, its variables read, gone on.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { type LabPage, labPage, patient } from "./lab-page.ts";
import { desktop, type OpenedPage, openIn, screenshotPath } from "./open-page.ts";
import { makeProject, type Project } from "./project.ts";
import { type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const path = "notebooks/debugged.ipynb";
const notebook = {
  cells: [{ cell_type: "code", id: "a", metadata: {}, source: "", outputs: [], execution_count: null }],
  metadata: { kernelspec: { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

describe.skipIf(!chromium)("the debugger in Lab", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  let lab: LabPage;
  /** What the page told the kernel. */
  const sent: string[] = [];

  beforeAll(async () => {
    project = makeProject();
    mkdirSync(dirname(join(project.folder, path)), { recursive: true });
    writeFileSync(join(project.folder, path), JSON.stringify(notebook));
    server = await startServer(project.folder);
    browser = await launchChromium(chromium!);
    const context = await browser.newContext({ viewport: desktop, colorScheme: "light" });
    context.on("page", (made) =>
      made.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(payload.toString("latin1")))),
    );
    opened = await openIn(context, server, `/lab/tree/${path}`);
    page = opened.page;
    lab = labPage(page);
    await lab.ready();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  test("stops at a marked line, shows the variables there, steps, and goes on", { timeout: 90_000 }, async () => {
    const bug = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-DebuggerBugButton");
    await expect
      .poll(async () => {
        if ((await bug.getAttribute("aria-pressed")) !== "true") await bug.click(); // deaf until the kernel is known
        return await bug.getAttribute("aria-pressed");
      }, patient)
      .toBe("true");
    await page.locator(".cm-gutter.cm-breakpoint-gutter").waitFor(patient); // the debugger has the cell
    const cell = await lab.type(
      "function work(x: number) {\n  const doubled: number = x * 2;\n  return doubled + 1;\n}\nwork(20)",
    );
    await expect.poll(() => sent.some((frame) => frame.includes('"setBreakpoints"')), patient).toBe(true); // Lab tells each change of a cell a second later
    const gutter = (await cell.locator(".cm-gutter.cm-breakpoint-gutter").boundingBox())!;
    const line = (await cell.locator(".cm-line").nth(1).boundingBox())!;
    await page.mouse.click(gutter.x + gutter.width / 2, line.y + line.height / 2);
    await page.locator(".jp-DebuggerBreakpoint", { hasText: "2" }).waitFor(patient); // the kernel has it
    await page.keyboard.press("Shift+Enter");
    const frames = page.locator(".jp-DebuggerCallstack .jp-DebuggerCallstackFrame");
    await frames.first().waitFor(patient);
    await expect.poll(() => frames.allTextContents(), patient).toEqual(["workCell [*]:2", "cell [1]Cell [*]:5"]);
    const highlighted = cell.locator(".cm-line.jp-DebuggerEditor-highlight");
    await expect.poll(() => highlighted.textContent(), patient).toBe("  const doubled: number = x * 2;");
    const variables = page.locator(".jp-DebuggerVariables-body");
    await variables.getByText("20").waitFor(patient);
    await page.locator('[data-command="debugger:next"]').first().click();
    await expect.poll(() => highlighted.textContent(), patient).toBe("  return doubled + 1;");
    await variables.filter({ hasText: "doubled" }).getByText("40").waitFor(patient);
    await page.screenshot({ path: screenshotPath("lab-debugger") });
    await page.locator('[data-command="debugger:continue"]').first().click();
    await cell.locator(".jp-OutputArea-output").getByText("41").waitFor(patient);
    await expect.poll(() => highlighted.count(), patient).toBe(0);
    expect(opened.complaints).toEqual([]);
  });
});
