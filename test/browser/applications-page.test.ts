// Applications in a real browser on the real server: made, opened, read, stopped and deleted in the page.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { expectWellMade, type Pages, signedIn } from "./open-page.ts";
import { makeProject, type Project } from "./project.ts";
import { api, type RunningServer, startServer } from "./served-model.ts";

const chromium = findChromium();
const patient = { timeout: 60_000 };

const program = `import { createServer } from "node:http";
let asked = 0;
createServer((request, reply) => {
  console.log("asked", request.url, ++asked);
  reply.setHeader("content-type", "text/html");
  reply.end("<!doctype html><title>Shop</title><h1>Hello from the shop</h1>");
}).listen(process.env.CELLWRIGHT_APP_PORT, "127.0.0.1", () => console.log("the shop is open"));
`;

describe.skipIf(!chromium)("the pages of applications", () => {
  let project: Project;
  let server: RunningServer;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    project = makeProject();
    project.file("shop.mjs", program);
    project.file("broken.mjs", `throw new Error("the shop burnt down");`);
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

  test("the first is made in the page, wrong input is said at its field, and it comes up live", {
    timeout: 120_000,
  }, async () => {
    const { page } = await pages.open("/applications");
    await page.getByText("No application yet.").waitFor();
    await page.getByRole("button", { name: "New application" }).click();
    const dialog = page.getByRole("dialog", { name: "New application" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("The Shop");
    await dialog.getByRole("textbox", { name: "Program" }).fill("no-such.mjs");
    await dialog.getByRole("button", { name: "Start application" }).click();
    await dialog.getByText("expected lower-case letters").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("shop");
    await dialog.getByRole("button", { name: "Start application" }).click();
    await dialog.getByText("no such file").waitFor();
    await dialog.getByRole("textbox", { name: "Program" }).fill("shop.mjs");
    await dialog.getByRole("button", { name: "Start application" }).click();
    await page.waitForURL(/\/applications\/shop$/);
    await page.getByRole("link", { name: "Open shop in a new tab" }).waitFor(patient);
    await page.getByText("the shop is open").waitFor(patient);
  });

  test("Open leads to the application itself, signed in, and its log says so", { timeout: 60_000 }, async () => {
    const { page, context, complaints } = await pages.open("/applications/shop");
    const [shop] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Open shop in a new tab" }).click(),
    ]);
    await shop.getByRole("heading", { name: "Hello from the shop" }).waitFor(patient);
    expect(new URL(shop.url()).origin).not.toBe(server.url);
    await page.getByText(/^asked \/ 1$/).waitFor(patient);
    expect(complaints).toEqual([]);
  });

  test("is stopped, started and restarted, and the page says so", { timeout: 120_000 }, async () => {
    const { page, complaints } = await pages.open("/applications");
    await page.getByRole("button", { name: "Stop shop" }).click();
    await page.getByText("Application shop stopped.").waitFor(patient);
    await page.getByRole("button", { name: "Start shop" }).click();
    await page.getByRole("link", { name: "Open shop in a new tab" }).waitFor(patient);
    await page.getByRole("button", { name: "Restart shop" }).click();
    await page.getByText("Application shop is restarting.").waitFor(patient);
    await page.getByRole("link", { name: "Open shop in a new tab" }).waitFor(patient);
    expect(complaints).toEqual([]);
  });

  test("one that fails says why", { timeout: 120_000 }, async () => {
    await api(server, "POST", "/api/v2/applications", { name: "broken", file: "broken.mjs" });
    const { page, complaints } = await pages.open("/applications/broken");
    await page.getByText("the shop burnt down").first().waitFor(patient);
    await page
      .getByText(/^(restarting|failed)$/)
      .first()
      .waitFor(patient);
    expect(complaints).toEqual([]);
  });

  test("no page has a serious accessibility finding or scrolls sideways", { timeout: 180_000 }, async () => {
    await expectWellMade(pages, "/applications", "applications", (page) => page.getByText("2 applications").waitFor());
    await expectWellMade(pages, "/applications?create=true", "application-dialog", (page) =>
      page.getByRole("dialog").waitFor(),
    );
    await expectWellMade(pages, "/applications/shop", "application", (page) =>
      page.getByText("the shop is open").first().waitFor(),
    );
  });

  test("deleting asks with the name", { timeout: 60_000 }, async () => {
    const { page, complaints } = await pages.open("/applications/broken");
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete application broken?" });
    await dialog.getByRole("button", { name: "Delete application broken" }).click();
    await page.waitForURL(/\/applications$/);
    await page.getByText("1 application", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});
