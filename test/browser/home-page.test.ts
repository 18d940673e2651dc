// Home in a real browser on the real server: the example pipeline started and watched there, and what else runs.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { expectWellMade, type Pages, phone, screenshotPath, signedIn } from "./open-page.ts";
import { tabStops } from "./page-reading.ts";
import { makeProject, type Project } from "./project.ts";
import { callModel, deployCells, type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const patient = { timeout: 60_000 };
const readyMs = 1500;

const modelCells = [
  `import { modelMetrics } from "cellwright";`,
  `export const predict = modelMetrics((input: { tenure: number }) => ({ probability: 1 / (1 + input.tenure) }), {
  signature: { inputs: [{ name: "tenure", type: "long" }] },
  example: { tenure: 3 },
});`,
];

describe.skipIf(!chromium)("Home", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    project = makeProject();
    project.notebook("notebooks/0_bootstrap.ipynb", ["1", project.gate("bootstrap"), "3"]);
    project.notebook("notebooks/1_data_ingest.ipynb", ["1", `await Promise.reject(new Error("no such table"))`]);
    project.notebook("notebooks/3_model_building.ipynb", ["1"]);
    server = await startServer(project.folder);
    browser = await launchChromium(chromium!);
    pages = signedIn(browser, server);
    const churn = await deployCells(server, "churn", modelCells);
    for (let tenure = 0; tenure < 5; tenure++) expect(await callModel(server, churn, { tenure })).toBe(200);
  }, 120_000);

  afterEach(() => pages?.closeAll());

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    project?.remove();
  });

  test("offers the pipeline, runs it live, tells where it failed, and resumes it", { timeout: 240_000 }, async () => {
    const { page, complaints, strangers } = await pages.open("/");
    await page.getByText("It has not run here yet.").waitFor();
    await page.screenshot({ path: screenshotPath("home-offered"), fullPage: true });
    await page.getByRole("button", { name: "Run the example pipeline" }).click();
    await step(page, "0-bootstrap").getByText("cell 2 of 3").waitFor(patient);
    expect(await step(page, "1-data-ingest").textContent()).toContain("waiting");
    await page.getByText("0 of 3 notebooks").waitFor();
    await page.screenshot({ path: screenshotPath("home-running"), fullPage: true });

    project.open("bootstrap");
    await page.getByText("1 of 3 notebooks").waitFor(patient);
    await step(page, "1-data-ingest").getByText("no such table").waitFor(patient);
    await page.getByText("Look at job 1-data-ingest").waitFor();
    await page.screenshot({ path: screenshotPath("home-failed"), fullPage: true });

    project.notebook("notebooks/1_data_ingest.ipynb", ["1", "2"]);
    await page.getByRole("button", { name: "Resume the pipeline" }).click();
    await page.getByText("3 of 3 notebooks").waitFor(patient);
    await page.getByText("All is well").waitFor(patient);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("says what runs: models with their calls, recent runs; each leads on", { timeout: 60_000 }, async () => {
    const { page, complaints } = await pages.open("/");
    const models = page.getByRole("region", { name: "Models" });
    await models.getByText("5 calls").waitFor();
    await page.getByRole("region", { name: "Recent job runs" }).getByText("succeeded").first().waitFor();
    await models.getByRole("link", { name: "churn" }).click();
    await page.waitForURL(/\/models\/churn$/);
    await page.goBack();
    await page.getByRole("region", { name: "Recent job runs" }).getByRole("link", { name: "0-bootstrap" }).click();
    await page.waitForURL(/\/job-runs\//);
    expect(complaints).toEqual([]);
  });

  test("another call shows without a reload", { timeout: 60_000 }, async () => {
    const { page } = await pages.open("/");
    const models = page.getByRole("region", { name: "Models" });
    await models.getByText("5 calls").waitFor();
    const churn = await (await fetch(`${server.url}/api/v2/models/churn`, bearer())).json();
    await callModel(server, churn as Parameters<typeof callModel>[1], { tenure: 9 });
    await models.getByText("6 calls").waitFor();
  });

  test("the search finds a job by name and leads to it, by keyboard alone", { timeout: 60_000 }, async () => {
    const { page, complaints } = await pages.open("/");
    await page.getByRole("heading", { name: "Home" }).waitFor();
    await page.keyboard.press("Control+K");
    const search = page.getByRole("textbox", { name: "Search" });
    await search.fill("bootstrap");
    await page
      .getByRole("button", { name: /0-bootstrap/ })
      .first()
      .waitFor();
    await page.screenshot({ path: screenshotPath("palette") });
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/jobs\/0-bootstrap$/);
    expect(complaints).toEqual([]);
  });

  test("is interactive soon", { timeout: 60_000 }, async () => {
    const { page } = await pages.open("/");
    await page.getByRole("region", { name: "Models" }).getByText("calls").waitFor();
    await page.reload({ waitUntil: "commit" });
    const start = performance.now();
    await page.getByRole("region", { name: "Models" }).getByText("calls").waitFor();
    const took = performance.now() - start;
    console.log(`Home is filled ${Math.round(took)} ms after its reload.`);
    if (process.env["CELLWRIGHT_TIMES"] === "1") expect(took).toBeLessThan(readyMs);
  });

  test("has no serious accessibility finding and never scrolls sideways", { timeout: 120_000 }, async () => {
    await expectWellMade(pages, "/", "home", (page) =>
      page.getByRole("region", { name: "Models" }).getByText("calls").waitFor(),
    );
  });

  test("the recent runs fit their card at every width", { timeout: 60_000 }, async () => {
    const { page } = await pages.open("/");
    const runs = page.getByRole("region", { name: "Job runs", exact: true });
    await runs.getByText("succeeded").first().waitFor();
    for (const width of [1600, 1440, 1300, 1101, 1020, 900, 640, 390, 340]) {
      await page.setViewportSize({ width, height: 900 });
      const [inner, outer] = await runs.evaluate((box) => [box.scrollWidth, box.clientWidth]);
      expect(inner, `at ${width} px`).toBeLessThanOrEqual(outer!);
      if (width === 1300) await page.screenshot({ path: screenshotPath("home-1300"), fullPage: true });
    }
  });

  test("every control is reached by keyboard; on a phone the rooms are at the bottom", {
    timeout: 60_000,
  }, async () => {
    const { page } = await pages.open("/");
    await page.getByRole("region", { name: "Models" }).getByText("calls").waitFor();
    const reached = await tabStops(page);
    for (const name of [
      "Skip to the content",
      "Home",
      "Notebooks",
      "Jobs",
      "Models",
      "Apps",
      "Search",
      "churn",
      "0-bootstrap",
    ])
      expect(
        reached.some((stop) => stop.includes(name)),
        `${name} among ${reached.join(", ")}`,
      ).toBe(true);
    await page.setViewportSize(phone);
    const box = (await page.getByRole("navigation", { name: "Main" }).boundingBox())!;
    expect(box.y).toBeGreaterThan(phone.height - 80);
  });

  function step(page: Page, job: string) {
    return page.getByRole("listitem").filter({ has: page.getByRole("link", { name: job }) });
  }

  function bearer(): RequestInit {
    return { headers: { authorization: `Bearer ${server.token}` } };
  }
});
