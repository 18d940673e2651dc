// The churn application in a real browser, behind the real server, on a small real model: used by keyboard alone, checked against
// direct calls of the endpoint, and with every byte that reaches the browser searched for the access key. One file, for its server,
// model and browser take longer to start than all its cases.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { telcoCustomers, writeTable } from "cellwright";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Application } from "../../lib/contract/application.ts";
import type { Model } from "../../lib/contract/model.ts";
import type { Scored } from "../../notebooks/churn-application/shapes.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { desktop, looks } from "./open-page.ts";
import { seriousFindings, tabStops } from "./page-reading.ts";
import { deployCells, type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const screenshots = process.env["CELLWRIGHT_SCREENSHOTS"] || join(tmpdir(), "cellwright-screenshots");
const patience = { timeout: 30_000 };

const cells = [
  `import { binaryLabels, CategoricalEncoder, columnNamesOf, dropNulls, ExplainedModel, LogisticRegression, modelMetrics, OneHotEncoder, Pipeline, StandardScaler, telcoCustomers, trackMetric } from "cellwright";`,
  `const customers = dropNulls(telcoCustomers({ rows: 500, seed: 7 }));
const features = columnNamesOf(customers).filter((name) => name !== "customerID" && name !== "Churn");
const encoder = new CategoricalEncoder({ columns: features });
const X = encoder.fitTransform(customers);
const pipeline = new Pipeline({
  oneHot: new OneHotEncoder({ categories: encoder.categories }),
  scale: new StandardScaler(),
  classify: new LogisticRegression({ C: 0.1 }),
}).fit(X, binaryLabels(customers, "Churn", { positive: "Yes" }));
const churn = ExplainedModel.from({ data: customers, encoder, pipeline, label: "Churn" });`,
  `export const predict = modelMetrics(
  (input) => {
    const { data, probability, explanation, contributions, base, r2 } = churn.explain(input, { samples: 300 });
    trackMetric("probability", probability);
    return { data, probability, explanation, contributions, base, r2 };
  },
  { signature: churn.signature, example: churn.defaultData },
);`,
];

describe.skipIf(!chromium)("the churn application", () => {
  let server: RunningServer;
  let browser: Browser;
  let model: Model;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = await startServer();
    process.env["CELLWRIGHT_HOME"] = server.home;
    await writeTable("default.telco_churn", telcoCustomers({ rows: 500, seed: 7 }), { mode: "overwrite" });
    model = await deployCells(server, "churn", cells);
    const reply = await fetch(`${server.url}/api/v2/applications?wait=1`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        name: "churn",
        file: "notebooks/churn-application/server.ts",
        environment: { CHURN_CUSTOMERS: "24" },
      }),
    });
    expect((await reply.json()) as Application).toMatchObject({ status: "running", problem: "" });
    browser = await launchChromium(chromium!);
  }, 180_000);

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  /** Through Cellwright's door; what the browser is sent from then on is kept. */
  async function open(path = "/", options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
    contexts.push(context);
    const page = await context.newPage();
    const complaints: string[] = [];
    const strangers: string[] = [];
    const received: Promise<string>[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    context.on("request", (request) => {
      const { hostname } = new URL(request.url());
      if (!/^(data|blob):/.test(request.url()) && !/(^|\.)localhost$|^127\.0\.0\.1$/.test(hostname)) {
        strangers.push(request.url());
      }
    });
    context.on("response", (response) => {
      const headers = JSON.stringify(response.headers());
      received.push(
        response.text().then(
          (text) => headers + text,
          () => headers,
        ),
      );
    });
    const door = `/api/v2/applications/churn/open?path=${encodeURIComponent(path)}`;
    await page.goto(`${server.url}${door}&token=${server.token}`);
    await page.locator('main[aria-busy="false"]').waitFor(patience);
    return { page, context, complaints, strangers, received };
  }

  async function callDirectly(request: unknown): Promise<{ probability: number; data: Record<string, unknown> }> {
    const reply = await fetch(`${server.url}/model`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ accessKey: model.accessKey, request }),
    });
    return ((await reply.json()) as { response: { prediction: never } }).response.prediction;
  }

  const scoredOn = (page: Page): Promise<Scored> =>
    page.evaluate(async () => (await fetch("api/customers?seed=1")).json()) as Promise<Scored>;
  const shownProbability = async (page: Page): Promise<number> => {
    await page.locator('main[aria-busy="false"]').waitFor(patience);
    return Number(await page.locator("#probability strong").textContent());
  };

  test("lists the sample on an origin of its own, likely leavers first, and asks nobody else", patience, async () => {
    const { page, complaints, strangers } = await open();
    const { host, hostname } = new URL(page.url());
    expect(hostname).toBe("churn.localhost");
    expect(host.split(":")[1]).toBe(new URL(server.url).port);
    expect(page.url()).not.toContain("ticket");
    const shown = await page.locator("tbody tr td:first-child").allTextContents();
    expect(shown.length).toBe(24);
    expect(shown.map(Number)).toEqual(shown.map(Number).sort((a, b) => b - a));
    expect(await page.locator("thead th").count()).toBe(1 + 1 + 1 + 19);
    const { customers } = await scoredOn(page);
    const direct = await callDirectly(customers[0]!.data);
    expect(customers[0]!.probability).toBe(direct.probability);
    expect([complaints, strangers]).toEqual([[], []]);
  });

  test("is used by keyboard alone: from the table to a customer, another contract, and back", patience, async () => {
    const { page, complaints } = await open();
    const { customers } = await scoredOn(page);
    const customer = customers.find(({ data }) => data["Contract"] === "Month-to-month")!;
    await page.locator(`[id="open-${customer.id}"]`).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/id=/);
    await page.getByRole("heading", { level: 1, name: `Customer ${customer.id}` }).waitFor(patience);
    expect(await shownProbability(page)).toBeCloseTo(customer.probability, 3);

    const reached = await tabStops(page);
    for (const name of ["All customers", "Find the smallest change", "Curve of Contract", "tenure", "Month-to-month"]) {
      expect(
        reached.some((stop) => stop.includes(name)),
        `${name} among ${reached.join(", ")}`,
      ).toBe(true);
    }
    await page.getByRole("radio", { name: "Month-to-month" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/f\.Contract=One\+year/);
    const direct = await callDirectly({ ...customer.data, Contract: "One year" });
    await expect.poll(() => shownProbability(page), patience).toBeCloseTo(direct.probability, 3);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("Contract-1");

    await page.locator("#number-tenure").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("60");
    await page.keyboard.press("Enter");
    await page.waitForURL(/f\.tenure=60/);
    const both = await callDirectly({ ...customer.data, Contract: "One year", tenure: 60 });
    await expect.poll(() => shownProbability(page), patience).toBeCloseTo(both.probability, 3);

    await page.reload();
    expect(await shownProbability(page)).toBeCloseTo(both.probability, 3);
    await page.goBack();
    await expect.poll(() => shownProbability(page), patience).toBeCloseTo(direct.probability, 3);
    expect(complaints).toEqual([]);
  });

  test("its what-if reply is a direct call's, to the last digit", patience, async () => {
    const { page } = await open();
    const { customers } = await scoredOn(page);
    const record = { ...customers[3]!.data, Contract: "Two year", MonthlyCharges: 42.5 };
    const asked = await page.evaluate(
      async (body) =>
        (await fetch("api/ask", { method: "POST", headers: { "content-type": "application/json" }, body })).json(),
      JSON.stringify({ record }),
    );
    expect(asked).toEqual(await callDirectly(record));
  });

  test("the change it offers really gets under the threshold, when applied and when called", {
    timeout: 60_000,
  }, async () => {
    const { page, complaints } = await open("/?threshold=0.4");
    const { customers } = await scoredOn(page);
    const likely = customers.filter(({ probability }) => probability >= 0.4 && probability < 0.75);
    expect(likely.length).toBeGreaterThan(0);
    let offered = 0;
    for (const { id, data } of likely.slice(0, 3)) {
      await page.goto(`${new URL(page.url()).origin}/?threshold=0.4&id=${encodeURIComponent(id)}`);
      await page.locator("#plan").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/plan=/);
      await page.locator("#apply, #plan-result p:has-text('No change')").first().waitFor(patience);
      if ((await page.locator("#apply").count()) === 0) continue;
      offered++;
      await page.locator("#apply").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/f\./);
      await page.getByText("It is under the threshold already.").waitFor(patience);
      const changes = [...new URL(page.url()).searchParams].filter(([name]) => name.startsWith("f."));
      const changed = Object.fromEntries(
        changes.map(([name, value]) => [
          name.slice(2),
          typeof data[name.slice(2)] === "number" ? Number(value) : value,
        ]),
      );
      const { probability } = await callDirectly({ ...data, ...changed });
      expect(probability, `${id} ${JSON.stringify(changed)}`).toBeLessThan(0.4);
      expect(await shownProbability(page)).toBeCloseTo(probability, 3);
    }
    expect(offered).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test("a threshold's cost is counted from the truth, and the cheapest is one key away", patience, async () => {
    const { page } = await open("/?missed=5&alarm=1");
    const { customers } = await scoredOn(page);
    const costAt = (threshold: number): number =>
      customers.reduce((sum, { probability, left }) => {
        const called = probability >= threshold;
        return sum + (called && !left ? 1 : 0) + (!called && left ? 5 : 0);
      }, 0);
    const words = page.locator("#threshold-words");
    expect(await words.textContent()).toContain(`cost ${costAt(0.5)}.`);
    await page.locator("#cheapest").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/threshold=/);
    const least = Math.min(...[0, 1, ...customers.map(({ probability }) => probability)].map(costAt), costAt(1.1));
    await expect.poll(() => words.textContent(), patience).toContain(`cost ${least}.`);
    const before = await words.textContent();
    await page.locator("#threshold").focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => words.textContent(), patience).not.toBe(before);
  });

  test("draws a feature's curve for the customer beside the mean, and gives the sample as CSV", {
    timeout: 60_000,
  }, async () => {
    const { page, complaints } = await open();
    const { customers } = await scoredOn(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#csv").click()]);
    expect(download.suggestedFilename()).toBe("customers.csv");
    await page.goto(`${new URL(page.url()).origin}/?id=${encodeURIComponent(customers[0]!.id)}&curve=Contract`);
    const plot = page.getByRole("img", { name: /^Probability of leaving by Contract/ });
    await plot.waitFor(patience);
    for (const contract of ["Month-to-month", "One year", "Two year"]) {
      const { probability } = await callDirectly({ ...customers[0]!.data, Contract: contract });
      expect(await plot.getAttribute("aria-label")).toContain(`${contract} ${probability.toFixed(2)}`);
    }
    expect(complaints).toEqual([]);
  });

  test("never sends the access key to the browser, nor the application's own", { timeout: 60_000 }, async () => {
    const { page, received } = await open();
    const { customers } = await scoredOn(page);
    await page.goto(`${new URL(page.url()).origin}/?id=${encodeURIComponent(customers[0]!.id)}&curve=tenure&plan=`);
    await page.getByRole("img", { name: /^Probability of leaving by tenure/ }).waitFor(patience);
    await page.locator("#plan-result p").last().waitFor(patience);
    const all = (await Promise.all(received)).join("\n");
    expect(all).toContain("Month-to-month");
    expect(all).not.toContain(model.accessKey);
    expect(all).not.toMatch(/cw-[0-9a-f]{48}/);
  });

  test(
    "another page's session opens nothing of ours: the API does not know the application's cookie",
    patience,
    async () => {
      const { page, context } = await open();
      const cookies = await context.cookies(page.url());
      expect(cookies.map(({ name }) => name)).toEqual([expect.stringMatching(/^cellwright-application-churn-\d+$/)]);
      expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax", domain: "churn.localhost" });
      const status = await page.evaluate(async (url) => {
        try {
          return (await fetch(`${url}/api/v2/status`, { credentials: "include", mode: "no-cors" })).type;
        } catch (error) {
          return String(error);
        }
      }, server.url);
      expect(status).not.toBe("basic");
      const own = await page.evaluate(async () => (await fetch("/api/v2/status")).status);
      expect(own).toBe(404);
    },
  );

  test("has no serious accessibility finding, light, dark and on a phone, and never scrolls sideways", {
    timeout: 120_000,
  }, async () => {
    for (const { name, ...options } of looks) {
      const { page } = await open("/", options);
      await page.screenshot({ path: join(screenshots, `churn-table-${name}.png`) });
      expect(await seriousFindings(page), `table, ${name}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
      const { customers } = await scoredOn(page);
      const query = `?id=${encodeURIComponent(customers[1]!.id)}&f.Contract=Two+year&f.tenure=30&curve=tenure&threshold=0.1&plan=`;
      await page.goto(`${new URL(page.url()).origin}/${query}`);
      await page.getByRole("img", { name: /^Probability of leaving/ }).waitFor(patience);
      await page.screenshot({ path: join(screenshots, `churn-customer-${name}.png`), fullPage: true });
      expect(await seriousFindings(page), `customer, ${name}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
    }
  });

  test("says what is missing when the model does not answer, and goes on when it does", {
    timeout: 60_000,
  }, async () => {
    const { page } = await open();
    const auth = { authorization: `Bearer ${server.token}` };
    const running = (await (await fetch(`${server.url}/api/v2/models/churn`, { headers: auth })).json()) as Model;
    const stop = `${server.url}/api/v2/deployments/${running.deployment!.id}/stop?wait=1`;
    await fetch(stop, { method: "POST", headers: auth });
    await page.reload();
    await page.getByRole("heading", { name: "The customers cannot be shown" }).waitFor(patience);
    await page.screenshot({ path: join(screenshots, "churn-error.png") });
    expect(await seriousFindings(page)).toEqual([]);
    await fetch(`${server.url}/api/v2/models/churn/deployments?wait=1`, {
      method: "POST",
      headers: { ...auth, "content-type": "application/json" },
      body: JSON.stringify({ build: running.deployment!.build }),
    });
    await page.locator("#retry").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Who will leave?" }).waitFor(patience);
  });
});
