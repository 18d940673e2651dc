// Jobs and their runs in a real browser on the real server: made in the page, watched while they run, stopped, read when they
// failed.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JobRun } from "../../lib/contract/job.ts";
import type { Page as ListPage } from "../../lib/contract/model.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { expectWellMade, type Pages, screenshotPath, signedIn } from "./open-page.ts";
import { makeProject, type Project } from "./project.ts";
import { api, type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
/** A kernel starts, under load. */
const patient = { timeout: 60_000 };

describe.skipIf(!chromium)("the pages of jobs", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    project = makeProject();
    project.notebook("notebooks/slow.ipynb", [
      `console.log("begun");`,
      project.gate("slow"),
      `console.log("through the gate");`,
    ]);
    project.notebook("notebooks/endless.ipynb", [project.gate("never"), "2"]);
    project.notebook("notebooks/quick.ipynb", ["1 + 1"]);
    project.notebook("notebooks/broken.ipynb", [
      "const row = 7;",
      `throw new RangeError("row " + row + " is odd");`,
      "3",
    ]);
    server = await startServer(project.folder);
    browser = await launchChromium(chromium!);
    pages = signedIn(browser, server);
  }, 120_000);

  afterEach(() => pages?.closeAll());

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  test("a first job is made in the page; what is wrong is said at its field", { timeout: 120_000 }, async () => {
    const { page } = await pages.open("/jobs");
    await page.getByText("No job yet.").waitFor();
    await page.getByRole("button", { name: "New job" }).click();
    await page.waitForURL(/create=true/);
    const dialog = page.getByRole("dialog", { name: "New job" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Slow one");
    await dialog.getByRole("textbox", { name: "Parameters" }).fill("{");
    await dialog.getByRole("button", { name: "Make job" }).click();
    await dialog.getByText("Not JSON").waitFor();
    await dialog.getByRole("textbox", { name: "Parameters" }).fill("{}");
    await dialog.getByRole("button", { name: "Make job" }).click();
    await dialog.getByText("expected lower-case letters").waitFor();
    await dialog.getByText("Which notebook or script runs?").waitFor();

    await dialog.getByRole("textbox", { name: "Name" }).fill("slow");
    await dialog.getByRole("textbox", { name: "Notebook or script" }).fill("notebooks/no-such.ipynb");
    await dialog.getByRole("button", { name: "Make job" }).click();
    await dialog.getByText("no-such.ipynb").waitFor();
    await dialog.getByRole("textbox", { name: "Notebook or script" }).fill("notebooks/slow.ipynb");
    await dialog.getByRole("textbox", { name: "Schedule" }).fill("61 2 * * *");
    await dialog.getByRole("button", { name: "Make job" }).click();
    await dialog.getByText("five cron fields").waitFor();
    await page.screenshot({ path: screenshotPath("job-dialog-error") });
    await dialog.getByRole("textbox", { name: "Schedule" }).fill("30 2 * * 1");
    await dialog.getByRole("button", { name: "Make job" }).click();

    await page.waitForURL(/\/jobs\/slow$/);
    await page.getByText("Mondays at 02:30").waitFor();
    await page.getByText("This job has not run yet.").waitFor();
  });

  test("a run is watched live: its cells, its log, the run after it, its notebook", { timeout: 180_000 }, async () => {
    await make("after-slow", "notebooks/quick.ipynb", ["slow"]);
    const { page, complaints, strangers } = await pages.open("/jobs/slow");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.waitForURL(/\/job-runs\//);
    const id = page.url().split("/").pop()!;
    await page.getByText("Cell 2 of 3").waitFor(patient);
    await page.getByText("begun", { exact: true }).waitFor(patient);
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("1");
    await page.screenshot({ path: screenshotPath("job-run-live"), fullPage: true });
    project.open("slow");
    await page.getByText("3 of 3 cells ran.").waitFor(patient);
    await page.getByText("through the gate", { exact: true }).waitFor();
    const chain = page.getByRole("region", { name: "Runs of this chain" });
    await chain.getByRole("link", { name: "after-slow" }).waitFor(patient);
    const notebook = page.frameLocator("iframe");
    await page.getByRole("region", { name: "Executed notebook" }).scrollIntoViewIfNeeded();
    await notebook.getByText("through the gate").first().waitFor(patient);
    expect(await page.locator("iframe").getAttribute("sandbox")).not.toContain("allow-same-origin");
    expect((await run(id)).status).toBe("succeeded");
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("a failed run names the cell, the error and its traceback; Run again starts another", {
    timeout: 180_000,
  }, async () => {
    await make("broken", "notebooks/broken.ipynb");
    const { page, complaints } = await pages.open("/jobs");
    await page.getByRole("button", { name: "Run broken" }).click();
    await page.waitForURL(/\/job-runs\//);
    const first = page.url();
    const alert = page.getByRole("alert");
    await alert.getByText("row 7 is odd").first().waitFor(patient);
    expect(await alert.textContent()).toMatch(/Failed in cell 2 of 3.*RangeError/);
    expect(await page.getByRole("region", { name: "traceback" }).textContent()).toContain("RangeError");
    const row = page.getByRole("row").filter({ hasText: "throw new RangeError" });
    expect(await row.textContent()).toContain("failed");
    await page.getByRole("button", { name: "Run again" }).click();
    await page.waitForURL((url) => url.href !== first);
    await page.goBack();
    await alert.getByText("row 7 is odd").first().waitFor();
    expect(complaints).toEqual([]);
  });

  test("a run is stopped from its page", { timeout: 120_000 }, async () => {
    await make("endless", "notebooks/endless.ipynb");
    const { page, complaints } = await pages.open("/jobs/endless");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("Cell 1 of 2").waitFor(patient);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("stopped", { exact: true }).first().waitFor(patient);
    await page.getByRole("button", { name: "Run again" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("the table is found through and sorted, its address keeps it, and back works", { timeout: 60_000 }, async () => {
    const { page, complaints } = await pages.open("/jobs");
    const names = () =>
      page.getByRole("region", { name: "Jobs" }).locator("tbody tr td:first-child a").allTextContents();
    await expect.poll(names).toEqual(["after-slow", "broken", "endless", "slow"]);
    await page.getByRole("button", { name: "Last run" }).click();
    await expect.poll(names).toEqual(["endless", "broken", "after-slow", "slow"]);
    await page.getByRole("textbox", { name: "Find jobs" }).fill("slow");
    await expect.poll(names).toEqual(["after-slow", "slow"]);
    await page.reload();
    await expect.poll(names).toEqual(["after-slow", "slow"]);
    expect(await page.getByText("2 of 4 jobs").isVisible()).toBe(true);
    expect(await page.getByText("after-slow runs after slow", { exact: true }).count()).toBe(1);
    await page.getByRole("link", { name: "after-slow" }).first().click();
    await page.getByRole("heading", { level: 1, name: "after-slow" }).waitFor();
    await page.goBack();
    await expect.poll(names).toEqual(["after-slow", "slow"]);
    expect(complaints).toEqual([]);
  });

  test("settings are changed, and deleting asks with the name", { timeout: 60_000 }, async () => {
    await make("passing", "notebooks/quick.ipynb");
    const { page, complaints } = await pages.open("/jobs/passing");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("textbox", { name: "Retries" }).fill("2");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("2 retries, the first after").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete job passing?" });
    await page.screenshot({ path: screenshotPath("job-delete") });
    await dialog.getByRole("button", { name: "Delete job passing" }).click();
    await page.waitForURL(/\/jobs$/);
    await page.getByText("Job passing deleted.").waitFor();
    await expect.poll(() => page.getByRole("link", { name: "passing" }).count()).toBe(0); // the page before fades
    expect(complaints).toEqual([]);
  });

  test("a job or a run that is not there is said so", async () => {
    const { page } = await pages.open("/jobs/nobody");
    await page.getByRole("heading", { name: "There is no job nobody" }).waitFor();
    await page.goto(`${server.url}/ui/job-runs/nothing`);
    await page.getByRole("heading", { name: "There is no such run" }).waitFor();
  });

  test("no page has a serious accessibility finding or scrolls sideways", { timeout: 240_000 }, async () => {
    const [failed] = (await api<ListPage<JobRun>>(server, "GET", "/api/v2/job-runs?job=broken")).items;
    const [done] = (await api<ListPage<JobRun>>(server, "GET", "/api/v2/job-runs?job=slow")).items;
    const shown = (text: string) => async (page: Page) => page.getByText(text).first().waitFor();
    await expectWellMade(pages, "/jobs", "jobs", shown("4 jobs"));
    await expectWellMade(pages, "/jobs?create=true", "job-dialog", shown("Make job"));
    await expectWellMade(pages, "/jobs/slow", "job", shown("Mondays at"));
    await expectWellMade(pages, `/job-runs/${failed!.id}`, "job-run-failed", shown("row 7 is odd"));
    await expectWellMade(pages, `/job-runs/${done!.id}`, "job-run", shown("through the gate"));
  });

  async function make(name: string, file: string, after: readonly string[] = []): Promise<void> {
    await api(server, "POST", "/api/v2/jobs", { name, file, after });
  }

  function run(id: string): Promise<JobRun> {
    return api<JobRun>(server, "GET", `/api/v2/job-runs/${id}`);
  }
});
