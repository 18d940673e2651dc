// A stranger's prebuilt extension out of its wheel, in our Lab: each cell says when it ran and how long.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../browser/chromium.ts";
import { labPage, patient } from "../browser/lab-page.ts";
import { desktop, openIn, screenshotPath } from "../browser/open-page.ts";
import { makeProject, type Project } from "../browser/project.ts";
import { type RunningServer, startServer } from "../browser/served-model.ts";
import { cellwright, temporaryFolder } from "../support/cli.ts";
import { pythonMissing } from "./python.ts";

const chromium = findChromium();
const wanted = "jupyterlab-execute-time==3.3.0";

describe.skipIf(!chromium || pythonMissing("pip"))("jupyterlab-execute-time", () => {
  let project: Project;
  let server: RunningServer;
  const folder = temporaryFolder();

  beforeAll(async () => {
    project = makeProject();
    project.notebook("timed.ipynb", ["6 * 7"]);
    server = await startServer(project.folder);
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "-d", folder.path, wanted];
    const { status, stderr } = spawnSync(process.env["CELLWRIGHT_PYTHON"]!, pip, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  });
  afterAll(async () => {
    await server?.remove();
    project?.remove();
    folder[Symbol.dispose]();
  });

  test("is installed from its wheel and works in Lab", async () => {
    const wheel = join(folder.path, readdirSync(folder.path)[0]!);
    const { code, stderr } = await cellwright(["lab", "extension", "install", wheel, "--home", server.home]);
    expect(code, stderr).toBe(0);
    const browser = await launchChromium(chromium!);
    try {
      const context = await browser.newContext({ viewport: desktop, colorScheme: "light" });
      const { page, complaints, strangers } = await openIn(context, server, "/lab/tree/timed.ipynb");
      const lab = labPage(page);
      await lab.ready();
      await lab.cells.first().locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
      await lab.cells.first().getByText("Last executed at").waitFor(patient);
      await page.screenshot({ path: screenshotPath("lab-extension") });
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
