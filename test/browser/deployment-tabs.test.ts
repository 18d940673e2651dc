// The tabs of a model's page in a real browser, on the real server: what they count, find, draw, and what is done from them.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Deployment, Model } from "../../lib/contract/model.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { expectWellShown, looks, type Pages, phone, screenshotPath, signedIn } from "./open-page.ts";
import { drawn, pointsOf, seriousFindings, tabStops } from "./page-reading.ts";
import { api, callModel, type RunningServer, startServer } from "./served-model.ts";
import {
  alertedWindows,
  answeredCalls,
  deployWatched,
  failedCalls,
  threshold,
  type WatchedModel,
  windowCount,
} from "./watched-model.ts";

const chromium = findChromium();
const allCalls = answeredCalls + failedCalls;
const patient = { timeout: 20_000 };

describe.skipIf(!chromium)("the tabs of a model's page", { timeout: 60_000 }, () => {
  let server: RunningServer;
  let browser: Browser;
  let pages: Pages;
  let churn: WatchedModel;

  beforeAll(async () => {
    server = await startServer();
    browser = await launchChromium(chromium!);
    pages = signedIn(browser, server);
    churn = await deployWatched(server, "churn");
  }, 120_000);

  afterEach(() => pages?.closeAll());

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  test("the overview draws a point a window, the alert line and the alerts, and says what drifted", async () => {
    const { page, complaints, strangers } = await pages.open("/models/churn");
    await drawn(page);
    await expect.poll(() => pointsOf(page, "Accuracy went from"), patient).toBe(windowCount + alertedWindows);
    const alerts = page.getByRole("region", { name: "Alerts" });
    await expect.poll(() => alerts.getByRole("listitem").count(), patient).toBe(alertedWindows);
    expect(await alerts.textContent()).toContain(`accuracy 0.7 is below ${threshold}`);
    expect(await page.getByText(`${alertedWindows} alerts in ${windowCount} windows`).isVisible()).toBe(true);
    await page.getByText("tenure drifted").waitFor(patient);
    await alerts.getByRole("button").first().click();
    await page.waitForURL(/start=\d+&end=\d+/);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("another tab is another address, and back leaves it", async () => {
    const { page, complaints } = await pages.open("/models/churn?last=1h");
    await drawn(page);
    await page.getByRole("tab", { name: "Drift" }).click();
    await page.waitForURL(/tab=drift/);
    expect(new URL(page.url()).searchParams.get("last")).toBe("1h");
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/tab=builds/);
    await page.goBack();
    await page.goBack();
    await drawn(page);
    expect(new URL(page.url()).searchParams.has("tab")).toBe(false);
    expect(complaints).toEqual([]);
  });

  test("the table of predictions holds every call, of an outcome, and the one of a uuid", async () => {
    const { page, complaints, strangers } = await pages.open("/models/churn?tab=predictions");
    await page.getByText(`All ${allCalls} predictions`).waitFor();
    expect(await listedRows(page)).toBe(allCalls);
    await page.getByText("Failed", { exact: true }).click();
    await page.getByText(`All ${failedCalls} predictions that fit`).waitFor();
    await page.waitForURL(/status=failed/);
    expect(await page.getByRole("row").nth(1).textContent()).toMatch(/failed 500.*no customer.*cell 2.*line 3/);
    await page.getByRole("radiogroup", { name: "Outcome" }).getByText("All").click();
    await page.getByText(`All ${allCalls} predictions`, { exact: true }).waitFor();

    const uuid = churn.uuids[7]!;
    await page.getByRole("textbox", { name: /uuid/ }).fill(uuid.toUpperCase());
    await page.getByText("All 1 prediction that fit").waitFor();
    expect(await page.getByRole("row").nth(1).textContent()).toContain("label Yes");
    expect(new URL(page.url()).searchParams.get("uuid")).toBe(uuid.toUpperCase());
    await page.getByRole("textbox", { name: /uuid/ }).fill("no-such-uuid");
    await page.getByText("No prediction fits these filters").waitFor();
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("a row opens the call with its request, response, metrics and truth, at an address of its own", async () => {
    const { page, complaints } = await pages.open("/models/churn?tab=predictions");
    const uuid = churn.uuids[1]!;
    await page.getByRole("textbox", { name: /uuid/ }).fill(uuid);
    await page.getByRole("link", { name: `Call ${uuid.slice(-7)}` }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText(uuid, { exact: true }).waitFor();
    const jsonOf = async (title: string) =>
      JSON.parse((await drawer.getByRole("region", { name: `${title} as JSON` }).textContent())!);
    expect(await jsonOf("Request")).toEqual({ tenure: 2, contract: "One year" });
    expect((await jsonOf("Response")).data).toEqual({ tenure: 2, contract: "One year" });
    expect(await jsonOf("Truth")).toEqual({ label: "Yes" });
    expect(await jsonOf("Tracked metrics")).toMatchObject({ input_data: { tenure: 2 }, label: "Yes" });
    await page.reload();
    await drawer.getByText(uuid, { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    expect(page.url()).not.toContain("prediction=");
    expect(complaints).toEqual([]);
  });

  test("a failed call leads to its cell and line in Lab", async () => {
    const { page } = await pages.open("/models/churn?tab=predictions&status=failed");
    await page.getByRole("link", { name: /^Call/ }).first().click();
    const link = page.getByRole("dialog").getByRole("link", { name: /cell 2 \(cell-2\), line 3/ });
    await link.waitFor();
    expect(await link.getAttribute("href")).toBe("/lab/tree/tiny-model.ipynb#cell-id=cell-2");
  });

  test("drift is flagged for the feature that drifted and for no other, with both distributions drawn", async () => {
    const { page, complaints, strangers } = await pages.open("/models/churn?tab=drift");
    const row = (feature: string) => page.getByRole("row").filter({ has: page.getByRole("button", { name: feature }) });
    await row("tenure").waitFor(patient);
    expect(await row("tenure").textContent()).toMatch(/drifted.*Kolmogorov–Smirnov/);
    expect(await row("contract").textContent()).toMatch(/steady.*chi-squared/);
    await page.waitForFunction(() => document.querySelectorAll(".js-plotly-plot .main-svg").length >= 2);
    expect(await pointsOf(page, "contract is steady")).toBe(6);
    expect(await page.getByRole("heading", { name: /tenure drifted: K-S/ }).count()).toBe(1);
    await page.screenshot({ path: screenshotPath("drift"), fullPage: true });
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test("builds say what they kept and why, and the older one is rolled back to", { timeout: 90_000 }, async () => {
    const [first, second] = churn.builds;
    const { page, complaints } = await pages.open("/models/churn?tab=builds");
    const build = (id: string) => page.getByRole("article", { name: `Build ${id.slice(0, 7)}` });
    await build(second).getByText("answers calls").waitFor();
    await build(first)
      .getByRole("button", { name: first.slice(0, 7), exact: true })
      .click();
    await page.waitForURL(new RegExp(`build=${first}`));
    expect(await build(first).getByRole("row").count()).toBe(1 + 4);
    expect(await build(first).getByRole("table").textContent()).toContain("used by");

    await build(first)
      .getByRole("button", { name: `Roll back to ${first.slice(0, 7)}` })
      .click();
    const question = page.getByRole("dialog", { name: new RegExp(`Roll churn back to build ${first.slice(0, 7)}`) });
    await question.getByRole("button", { name: `Roll back to ${first.slice(0, 7)}` }).click();
    await build(first).getByText("answers calls").waitFor({ timeout: 30_000 });
    expect((await modelNow()).deployment?.build).toBe(first);
    await build(second)
      .getByRole("button", { name: `Deploy ${second.slice(0, 7)}` })
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test("the log grows while the model prints", async () => {
    const { page, complaints } = await pages.open("/models/churn?tab=logs");
    await page.getByText("Follow").waitFor(patient);
    await callModel(server, churn.model, { tenure: 4321, contract: "One year" });
    await page.getByText("asked for tenure 4321").waitFor(patient);
    await page.getByRole("link", { name: "Download log" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("a rule is added, removed, and brought back", async () => {
    const { page, complaints } = await pages.open("/models/churn?tab=settings");
    const rules = page.getByRole("region", { name: "Rules" });
    await rules.getByText(`alert when accuracy is below ${threshold}`).waitFor();
    await rules.getByRole("combobox", { name: "Metric" }).fill("drift");
    await rules.getByRole("combobox", { name: "Side" }).selectOption("above");
    await rules.getByRole("textbox", { name: "Threshold" }).fill("0.5");
    await rules.getByRole("button", { name: "Add rule" }).click();
    await rules.getByRole("button", { name: "Remove rule alert when drift is above 0.5" }).click();
    await rules.getByText("Rule removed").waitFor();
    await rules.getByRole("button", { name: "Undo" }).click();
    await rules.getByRole("button", { name: "Remove rule alert when drift is above 0.5" }).waitFor();
    await rules.getByRole("button", { name: "Remove rule alert when drift is above 0.5" }).click();
    await rules.getByText("Rule removed").waitFor();
    expect(complaints).toEqual([]);
  });

  test("the model is scaled, stopped and started", { timeout: 120_000 }, async () => {
    const { page, complaints } = await pages.open("/models/churn?tab=settings");
    await page.getByRole("textbox", { name: "Replicas" }).fill("2");
    await page.getByRole("button", { name: "Scale to 2" }).click();
    await page.getByRole("status").getByText("2 of 2 replicas ready").waitFor({ timeout: 30_000 });
    expect((await modelNow()).deployment?.replicas).toBe(2);

    await page.getByRole("button", { name: "Stop churn" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop churn" }).click();
    await page.getByRole("button", { name: "Start churn" }).waitFor({ timeout: 30_000 });
    expect(await callModel(server, churn.model, { tenure: 3, contract: "One year" })).toBe(503);
    await page.getByRole("button", { name: "Start churn" }).click();
    await page.getByRole("button", { name: "Stop churn" }).waitFor({ timeout: 30_000 });
    await expect
      .poll(() => callModel(server, churn.model, { tenure: 3, contract: "One year" }), { timeout: 30_000 })
      .toBe(200);
    expect(complaints).toEqual([]);
  });

  test("every tab is free of serious accessibility findings, light, dark and on a phone", {
    timeout: 180_000,
  }, async () => {
    for (const look of looks) {
      for (const [tab, sign] of Object.entries(signs)) {
        const { page } = await pages.open(`/models/churn?tab=${tab}&build=${churn.builds[0]}`, look);
        await page.getByText(sign).first().waitFor(patient);
        await expectWellShown(page, `${tab}-${look.name}`);
        await pages.closeAll();
      }
    }
  });

  test("an open call and an open question have no serious finding either", { timeout: 180_000 }, async () => {
    for (const { colorScheme } of looks.filter(({ name }) => name !== "phone")) {
      const call = await pages.open(`/models/churn?tab=predictions&prediction=${churn.uuids[2]}`, { colorScheme });
      await call.page.getByRole("region", { name: "Truth as JSON" }).waitFor();
      expect(await seriousFindings(call.page), colorScheme).toEqual([]);
      const settings = await pages.open("/models/churn?tab=settings", { viewport: phone, colorScheme });
      await settings.page.getByRole("button", { name: "Delete model churn" }).click();
      await settings.page.getByRole("dialog").waitFor();
      expect(await seriousFindings(settings.page), colorScheme).toEqual([]);
      await pages.closeAll();
    }
  });

  test("what the tabs offer is reached by keyboard", async () => {
    const { page } = await pages.open("/models/churn?tab=predictions");
    await page.getByRole("link", { name: /^Call/ }).first().waitFor();
    const reached = await tabStops(page);
    for (const name of ["Predictions", "Find a prediction", "Columns of predictions", "Download predictions", "Call "])
      expect(
        reached.some((stop) => stop.includes(name)),
        `${name} among ${reached.join(", ")}`,
      ).toBe(true);
  });

  test("a model is deleted only with its name typed", async () => {
    await deployWatched(server, "goner");
    const { page, complaints } = await pages.open("/models/goner?tab=settings");
    await page.getByRole("button", { name: "Delete model goner" }).click();
    const question = page.getByRole("dialog");
    const confirm = question.getByRole("button", { name: "Delete goner" });
    expect(await confirm.isDisabled()).toBe(true);
    await question.getByRole("textbox", { name: /Type goner/ }).fill("goner");
    await confirm.click();
    await page.waitForURL((url) => url.pathname === "/ui/models");
    await page.getByRole("link", { name: "churn" }).waitFor();
    expect(await page.getByRole("link", { name: "goner" }).count()).toBe(0);
    await expect(modelNow("goner")).rejects.toThrow("404");
    expect(complaints).toEqual([]);
  });

  function modelNow(name = "churn"): Promise<Model & { deployment?: Deployment }> {
    return api(server, "GET", `/api/v2/models/${name}`);
  }
});

/** Words that stand in a tab once it is loaded. */
const signs = {
  overview: "Accuracy went from",
  predictions: /^All \d+ predictions$/,
  drift: "tenure drifted: K-S",
  builds: "answers calls",
  logs: "Follow",
  settings: "alert when accuracy",
};

/** What the table says it holds; only rows in sight are in the page. */
async function listedRows(page: Page): Promise<number> {
  return Number(await page.getByRole("table").getAttribute("aria-rowcount")) - 1;
}
