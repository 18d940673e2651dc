// A model's page in a real browser, served by the real server, with real calls: what it draws, says, and how it is used. One file,
// for all its cases share one server and its calls.
import { execFileSync } from "node:child_process";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../lib/contract/model.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import {
  expectNoSidewaysScroll,
  expectWellShown,
  looks,
  type Pages,
  phone,
  screenshotPath,
  signedIn,
} from "./open-page.ts";
import {
  countCalls,
  drawn,
  drawnOverLessThan,
  longestLullAcross,
  pointsOf,
  seriousFindings,
  sumOf,
  tabStops,
} from "./page-reading.ts";
import { callModel, deployCells, type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const firstCalls = 12;

const cells = [
  `import { modelMetrics, trackMetric } from "cellwright";`,
  `const steepness = 0.1;
function leaving(tenure: number): number {
  if (tenure === 13) throw new Error("no customer has this tenure");
  return 1 / (1 + Math.exp(steepness * tenure - 1));
}`,
  `export const predict = modelMetrics(
  (input: { tenure: number; contract: string }) => {
    const probability = leaving(input.tenure);
    trackMetric("input_data", input);
    trackMetric("probability", probability);
    return { data: input, probability };
  },
  {
    signature: {
      inputs: [
        { name: "tenure", type: "long" },
        { name: "contract", type: "string", categories: ["Month-to-month", "One year", "Two year"] },
      ],
    },
    example: { tenure: 3, contract: "One year" },
  },
);`,
];

describe.skipIf(!chromium)("a model's page", () => {
  let server: RunningServer;
  let browser: Browser;
  let churn: Model;
  let pages: Pages;

  beforeAll(async () => {
    server = await startServer();
    browser = await launchChromium(chromium!);
    pages = signedIn(browser, server);
    churn = await deployCells(server, "churn", cells);
    await deployCells(server, "quiet", [...cells, "// the same cells, another model"]);
    for (let tenure = 0; tenure < firstCalls; tenure++)
      expect(await callModel(server, churn, { tenure, contract: "One year" })).toBe(200);
  }, 120_000);

  afterEach(() => pages?.closeAll());

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  test("draws one point a call, with no console error and no request to elsewhere", async () => {
    const { page, complaints, strangers } = await pages.open("/models/churn");
    await drawn(page);
    const calls = await countCalls(page);
    expect(calls).toBeGreaterThanOrEqual(firstCalls);
    expect(await pointsOf(page, "Probabilities")).toBe(calls);
    expect(await pointsOf(page, "Half of the calls")).toBe(calls);
    expect(await sumOf(page, "came in")).toBe(calls);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("churn");
    expect(await page.getByText("1 of 1 replica ready").isVisible()).toBe(true);
    await page.screenshot({ path: screenshotPath("first") });
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("grows by a point when another call is made elsewhere, without a reload", async () => {
    const { page, complaints } = await pages.open("/models/churn");
    await drawn(page);
    const before = await pointsOf(page, "Probabilities");
    await callModel(server, churn, { tenure: 40, contract: "Two year" });
    await expect.poll(() => pointsOf(page, "Probabilities"), { timeout: 10_000 }).toBe(before + 1);
    expect(complaints).toEqual([]);
  });

  test("has no serious accessibility finding, light, dark and on a phone, and never scrolls sideways", {
    timeout: 120_000,
  }, async () => {
    for (const look of [...looks, { ...looks[0]!, name: "narrow", viewport: { width: 900, height: 800 } }]) {
      const { page } = await pages.open("/models/churn", look);
      await drawn(page);
      await page.getByRole("heading", { name: "Latest calls" }).scrollIntoViewIfNeeded();
      await page
        .getByRole("button", { name: /Details of call/ })
        .first()
        .click();
      await expectWellShown(page, look.name);
    }
  });

  test("the other pages have no serious accessibility finding either", { timeout: 60_000 }, async () => {
    for (const path of ["/models", "/models/quiet", "/models/nobody", "/no/such/page"]) {
      const { page } = await pages.open(path, { viewport: phone });
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await seriousFindings(page), path).toEqual([]);
      await expectNoSidewaysScroll(page, path);
    }
  });

  test("the page of models lists them and leads to one", async () => {
    const { page, complaints } = await pages.open("/models");
    await page.getByRole("link", { name: "churn" }).click();
    await drawn(page);
    expect(new URL(page.url()).pathname).toBe("/ui/models/churn");
    await page.goBack();
    await page.getByRole("heading", { name: "Models" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("a model without calls says how to make the first", async () => {
    const { page, complaints } = await pages.open("/models/quiet");
    await page.getByRole("heading", { name: "No calls yet" }).waitFor();
    expect(await page.getByRole("region", { name: "curl", exact: true }).textContent()).toContain(
      `curl ${server.url}/model`,
    );
    await page.screenshot({ path: screenshotPath("empty") });
    expect(complaints).toEqual([]);
  });

  test("a model that is not there is said so, with the way to those that are", async () => {
    const { page } = await pages.open("/models/nobody");
    await page.getByRole("heading", { name: "There is no model nobody" }).waitFor();
    await page.getByRole("link", { name: "See all models" }).click();
    await page.getByRole("link", { name: "churn" }).waitFor();
  });

  test("the test panel calls the model with the example and shows the reply", async () => {
    const { page, complaints } = await pages.open("/models/churn");
    await drawn(page);
    const before = await pointsOf(page, "Probabilities");
    expect(JSON.parse(await page.getByRole("textbox", { name: "Input" }).inputValue())).toEqual({
      tenure: 3,
      contract: "One year",
    });
    await page.getByRole("button", { name: "Call model" }).click();
    const reply = JSON.parse((await page.getByRole("region", { name: "Reply" }).textContent())!);
    expect(reply.prediction.probability).toBeCloseTo(1 / (1 + Math.exp(0.3 - 1)), 12);
    await expect.poll(() => pointsOf(page, "Probabilities"), { timeout: 10_000 }).toBe(before + 1);
    await page.screenshot({ path: screenshotPath("reply") });
    expect(complaints).toEqual([]);
  });

  test("the test panel shows a refused input, a throw with its cell and line, and text that is no JSON", async () => {
    const { page } = await pages.open("/models/churn");
    const input = page.getByRole("textbox", { name: "Input" });
    const call = page.getByRole("button", { name: "Call model" });
    const alert = page.getByRole("alert");

    await input.fill('{"tenure": 3, "contract": "One year", "colour": "red"}');
    await call.click();
    await alert.getByText("colour").waitFor();

    await input.fill('{"tenure": 13, "contract": "One year"}');
    await input.press("Control+Enter");
    await alert.getByText("no customer has this tenure").waitFor();
    expect(await alert.textContent()).toMatch(/cell 2.*line 3/);
    await page.screenshot({ path: screenshotPath("error") });

    const row = page.getByRole("row").filter({ hasText: "no customer has this tenure" }).first();
    await row.waitFor({ timeout: 10_000 });
    expect(await row.textContent()).toMatch(/failed 500.*cell 2.*line 3/);
    await expect.poll(() => page.getByRole("heading", { name: /came in, \d+ failed/ }).count()).toBe(1);

    await input.fill('{"tenure": ');
    expect(await call.isDisabled()).toBe(true);
    await page.getByText("Not JSON").waitFor();
    await page.getByRole("button", { name: "Back to example" }).click();
    expect(await call.isDisabled()).toBe(false);
  });

  test("the access key is masked until asked for; copied snippets have it and work", async () => {
    const { page, context } = await pages.open("/models/churn");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await drawn(page);
    expect(await page.locator("main").textContent()).not.toContain(churn.accessKey);
    const copied: Record<string, string> = {};
    for (const language of ["curl", "TypeScript", "Python"]) {
      await page.getByRole("tab", { name: language }).click();
      await page.getByRole("button", { name: `Copy ${language} snippet` }).click();
      copied[language] = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied[language]).toContain(churn.accessKey);
    }
    expect(await page.locator("main").textContent()).not.toContain(churn.accessKey);
    await page.getByRole("button", { name: "Show access key" }).click();
    expect(await page.locator("main").textContent()).toContain(churn.accessKey);

    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", copied["TypeScript"]!], {
      encoding: "utf8",
    });
    expect(printed).toContain("probability");
  });

  test("a range of time is kept in the address, and back leaves it", async () => {
    const { page, complaints } = await pages.open("/models/churn");
    await drawn(page);
    const all = await pointsOf(page, "Probabilities");
    await page.getByText("15 min").click();
    await page.waitForURL(/last=15m/);
    const plot = (await page.locator(".js-plotly-plot").first().boundingBox())!;
    await page.goBack();
    await page.waitForURL((url) => url.search === "");
    await drawnOverLessThan(page, 10 * 60_000);
    await page.mouse.move(plot.x + (await longestLullAcross(page)), plot.y + 80);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.99, plot.y + 80, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/start=\d+&end=\d+/);
    await page.reload();
    await drawn(page);
    expect(await countCalls(page)).toBeLessThan(all);
    expect(complaints).toEqual([]);
  });

  test("every control is reached by keyboard, and the colours are switched and kept", async () => {
    const { page, complaints } = await pages.open("/models/churn");
    await drawn(page);
    await page
      .getByRole("button", { name: /Download plot/ })
      .first()
      .waitFor();
    const reached = await tabStops(page);
    for (const name of [
      "Skip to the content",
      "Models",
      "Switch to dark colours",
      "Copy build id",
      "Download plot",
      "Show access key",
      "Copy access key",
      "Test",
      "Input",
      "Call model",
      "Details of call",
    ])
      expect(
        reached.some((stop) => stop.includes(name)),
        `${name} among ${reached.join(", ")}`,
      ).toBe(true);

    await page.getByRole("button", { name: "Switch to dark colours" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Switch to light colours" }).waitFor();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset["mantineColorScheme"])).toBe("dark");
    expect(complaints).toEqual([]);
  });

  test("a plot is taken along as a picture and as figures", async () => {
    const { page, complaints, strangers } = await pages.open("/models/churn");
    await drawn(page);
    for (const [choice, ending] of [
      ["Picture (PNG)", "churn-probability.png"],
      ["Picture (SVG)", "churn-probability.svg"],
      ["Figures (CSV)", "churn-probability.csv"],
    ] as const) {
      await page.getByRole("button", { name: /Download plot: Prob/ }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: choice }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(ending);
    }
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("an ended session says how to open it again, and the token does", async () => {
    const { page, context } = await pages.open("/models/churn");
    await drawn(page);
    await context.clearCookies();
    await page.getByText("24 h").click();
    await page.getByRole("heading", { name: "This session has ended" }).waitFor();
    await page.screenshot({ path: screenshotPath("session-ended") });
    await page.getByRole("textbox", { name: "Start token" }).fill(server.token);
    await page.getByRole("button", { name: "Open session" }).click();
    await drawn(page);
    expect(page.url()).not.toContain(server.token);
  });

  test("a lost connection shows a banner that goes when the server is back", { timeout: 90_000 }, async () => {
    const { page } = await pages.open("/models/churn");
    await drawn(page);
    const before = await pointsOf(page, "Probabilities");
    await server.stop();
    await page.getByText("Connection lost").waitFor();
    await page.screenshot({ path: screenshotPath("lost") });
    expect(await pointsOf(page, "Probabilities")).toBe(before);
    await server.start();
    await page.getByText("Connection lost").waitFor({ state: "detached", timeout: 30_000 });
    await expect
      .poll(() => callModel(server, churn, { tenure: 50, contract: "Two year" }), { timeout: 20_000 })
      .toBe(200);
    await expect.poll(() => pointsOf(page, "Probabilities"), { timeout: 10_000 }).toBeGreaterThan(before);
  });
});
