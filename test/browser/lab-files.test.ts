// Lab in a real browser with a prebuilt extension: a large file goes up, a large CSV is shown as a grid, and what the user has set is
// there again after the server was started anew.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/cli.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { labPage, patient } from "./lab-page.ts";
import { desktop, type OpenedPage, openIn, screenshotPath } from "./open-page.ts";
import { makeProject, type Project } from "./project.ts";
import { type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const rows = 100_000;
const csv = `row,square\n${Array.from({ length: rows }, (_, i) => `r${i},${i * i}`).join("\n")}\n`;
const uploadBytes = 20_000_000;

describe.skipIf(!chromium)("files in Lab", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  let opened: OpenedPage;

  async function open(): Promise<void> {
    opened = await openIn(context, server, "/lab/tree/data");
    await opened.page.locator("body[data-lab-state=restored]").waitFor({ ...patient, state: "attached" });
  }
  const quiet = (): void => {
    expect(opened.complaints).toEqual([]);
    expect(opened.strangers).toEqual([]);
  };

  beforeAll(async () => {
    project = makeProject();
    mkdirSync(join(project.folder, "data"));
    writeFileSync(join(project.folder, "data/squares.csv"), csv);
    server = await startServer(project.folder);
    cpSync(join(root, "test/fixtures/lab-extension"), join(server.home, "labextensions/@somebody/greeter"), {
      recursive: true,
    });
    browser = await launchChromium(chromium!);
    context = await browser.newContext({ viewport: desktop, colorScheme: "light" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  test("a prebuilt extension starts, with the page's own packages", async () => {
    await expect
      .poll(() => opened.page.evaluate(() => document.body.dataset["greeted"]), patient)
      .toMatch(/^by .*Lab$/);
    quiet();
  });

  test("20 MB go up in parts and are the same on disk", { timeout: 60_000 }, async () => {
    const { page } = opened;
    const buffer = Buffer.alloc(uploadBytes, "every byte counts, ");
    const chooser = page.waitForEvent("filechooser");
    await page.locator(".jp-FileBrowser [data-command='filebrowser:upload'], .jp-FileBrowser .jp-id-upload").click();
    await (await chooser).setFiles({ name: "large.bin", mimeType: "application/octet-stream", buffer });
    await labPage(page).answer({ button: "Upload" }); // of so much it asks
    const file = join(project.folder, "data/large.bin");
    await expect.poll(() => existsSync(file), patient).toBe(true);
    expect(sha256(readFileSync(file))).toBe(sha256(buffer));
    await page.locator(".jp-DirListing-item", { hasText: "large.bin" }).waitFor(patient);
    quiet();
  });

  test("100,000 rows of a CSV are a grid, each of them", { timeout: 60_000 }, async () => {
    const { page } = opened;
    await page.locator(".jp-DirListing-item", { hasText: "squares.csv" }).dblclick();
    const grid = page.locator(".jp-CSVViewer-grid");
    await grid.waitFor(patient);
    const expected = csv.trimEnd().split("\n").slice(1);
    await expect
      .poll(async () => (await copied()).length, patient) // the last rows are read while the first ones are looked at
      .toBe(rows + 1);
    expect((await copied()).slice(1).map((line) => line.split("\t").slice(1).join(","))).toEqual(expected);
    await page.screenshot({ path: screenshotPath("lab-csv") });
    quiet();

    /** By the corner all is marked; gives what lies in the clipboard then, by line. */
    async function copied(): Promise<string[]> {
      await grid.click({ position: { x: 10, y: 10 } });
      await page.keyboard.press("Control+c");
      return (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    }
  });

  test("a dark theme and what was set are there again when the server has been started anew", {
    timeout: 90_000,
  }, async () => {
    const { page } = opened;
    const theme = () => opened.page.evaluate(() => document.body.dataset["jpThemeName"]);
    expect(await theme()).toBe("JupyterLab Light");
    await choose("JupyterLab Dark");
    const saving = page.waitForResponse(
      (response) => response.request().method() === "PUT" && /docmanager-extension:plugin/.test(response.url()),
    );
    await labPage(page).chooseFromMenu("Settings", "Autosave Documents");
    expect((await saving).ok()).toBe(true);
    quiet();
    await page.close();
    await server.stop();
    await server.start();
    await open();
    await expect.poll(theme, patient).toBe("JupyterLab Dark");
    await opened.page.getByRole("menuitem", { name: "Settings", exact: true }).click();
    const autosave = opened.page.locator(".lm-Menu-item", { has: opened.page.getByText("Autosave Documents") });
    expect(await autosave.getAttribute("aria-checked")).toBe("false");
    await opened.page.keyboard.press("Escape");
    await opened.page.locator(".lm-TabBar-tab", { hasText: "squares.csv" }).first().waitFor(patient);
    await opened.page.screenshot({ path: screenshotPath("lab-dark") });
    await choose("JupyterLab Dark High Contrast");
    await opened.page.locator("#jupyterlab-splash").waitFor({ state: "detached", ...patient });
    await opened.page.screenshot({ path: screenshotPath("lab-high-contrast") });
    quiet();

    async function choose(name: string): Promise<void> {
      await labPage(opened.page).chooseFromMenu("Settings", "Theme");
      await opened.page.locator(".lm-Menu-item", { has: opened.page.getByText(name, { exact: true }) }).click();
      await expect.poll(theme, patient).toBe(name);
    }
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
