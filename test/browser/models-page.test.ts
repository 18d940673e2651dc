// The page of models in a real browser: what its table says, how it is searched, sorted and taken along, and what it does not load.
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { expectWellMade, type Pages, signedIn } from "./open-page.ts";
import { api, type RunningServer, startServer } from "./served-model.ts";
import { answeredCalls, deployWatched, failedCalls } from "./watched-model.ts";

const chromium = findChromium();
/** Models without a deployment, enough that not all of them are in sight. */
const idle = 60;

describe.skipIf(!chromium)("the page of models", { timeout: 60_000 }, () => {
  let server: RunningServer;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    server = await startServer();
    browser = await launchChromium(chromium!);
    pages = signedIn(browser, server);
    await deployWatched(server, "churn");
    for (let model = 0; model < idle; model++)
      await api(server, "POST", "/api/v2/models", {
        name: `idle-${String(model).padStart(2, "0")}`,
        description: "Waits.",
      });
  }, 120_000);

  afterEach(() => pages?.closeAll());

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  test("a row says state, build, replicas, calls, accuracy, drift and the last call, and leads to its page", async () => {
    const { page, complaints, strangers } = await pages.open("/models");
    const row = page.getByRole("row").filter({ hasText: "churn" });
    await row.getByText("deployed").waitFor();
    await row.getByText(String(answeredCalls + failedCalls), { exact: true }).waitFor();
    await row.getByText("0.7", { exact: true }).waitFor();
    await row.getByText("1 of 2").waitFor({ timeout: 20_000 });
    expect(await row.textContent()).toMatch(/1 of 1.*(just now|ago)/);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await row.getByRole("link", { name: "churn" }).click();
    await page.waitForURL((url) => url.pathname === "/ui/models/churn");
  });

  test("figures are read for the rows in sight only, and not for a column that is left out", async () => {
    const { page, context } = await pages.open("/models?hide=%5B%22drift%22%5D");
    const asked: string[] = [];
    context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole("row").filter({ hasText: "churn" }).getByText("deployed").waitFor();
    await page.waitForLoadState("networkidle");
    const counted = new Set(asked.filter((path) => path.endsWith("/series")));
    expect(counted.size).toBeLessThan(idle);
    expect(asked.filter((path) => path.endsWith("/drift"))).toEqual([]);
  });

  test("words find a model, heads sort the table, and the address keeps both", async () => {
    const { page, complaints } = await pages.open("/models");
    await page.getByRole("textbox", { name: /Find a model/ }).fill("idle-07");
    await page.getByText(`1 of ${idle + 1} models`).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("idle-07");
    await page.getByRole("textbox", { name: /Find a model/ }).fill("");
    await page.getByText(`${idle + 1} models`, { exact: true }).waitFor();
    const first = page.getByRole("row").nth(1);
    await page.getByRole("button", { name: "Model", exact: true }).click();
    await page.getByRole("button", { name: "Model", exact: true }).click();
    await expect.poll(() => first.textContent()).toContain(`idle-${idle - 1}`);
    await page.reload();
    await expect.poll(() => first.textContent()).toContain(`idle-${idle - 1}`);
    await page.getByRole("button", { name: "Calls", exact: true }).click();
    await expect.poll(() => first.textContent(), { timeout: 20_000 }).toContain("churn");
    expect(complaints).toEqual([]);
  });

  test("columns are left out and the table is taken along", async () => {
    const { page } = await pages.open("/models?q=churn");
    await page.getByRole("row").filter({ hasText: "churn" }).getByText("63", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Columns of models" }).click();
    await page.getByRole("checkbox", { name: "Build" }).click();
    await page.waitForURL(/hide=/);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("columnheader", { name: "Build" }).count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download models as CSV" }).click(),
    ]);
    const lines = readFileSync(await download.path(), "utf8").split("\r\n");
    expect(lines[0]).toBe("Model,State,Replicas,Calls,Accuracy,Drift,Last call");
    expect(lines[1]).toMatch(/^churn,deployed,1,63,0\.7,/);
  });

  test("has no serious accessibility finding and never scrolls sideways", { timeout: 90_000 }, async () => {
    await expectWellMade(pages, "/models", "models", async (page) => {
      await page.getByRole("link", { name: "churn" }).waitFor();
      await page.waitForLoadState("networkidle");
    });
  });
});
