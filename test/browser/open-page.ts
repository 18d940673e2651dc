// Pages of a signed-in browser, each in a context of its own, with what they complain about and whom they ask besides our server.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { effort } from "../support/effort.ts";
import { seriousFindings } from "./page-reading.ts";
import type { RunningServer } from "./served-model.ts";

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export interface Look {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
}

const allLooks: readonly Look[] = [
  { name: "light", viewport: desktop, colorScheme: "light" },
  { name: "dark", viewport: desktop, colorScheme: "dark" },
  { name: "phone", viewport: phone, colorScheme: "dark" },
];

/** What a page is held against: every day one look, for all pages have their colours from one theme. */
export const looks: readonly Look[] = effort === "everyday" ? allLooks.slice(0, 1) : allLooks;

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: readonly string[];
  /** Requests to another origin. */
  readonly strangers: readonly string[];
}

export interface Pages {
  /** @param path below /ui */
  open(path: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  closeAll(): Promise<void>;
}

export function signedIn(browser: Browser, server: RunningServer): Pages {
  const contexts: BrowserContext[] = [];
  return {
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
      contexts.push(context);
      return openIn(context, server, `/ui${path}`);
    },
    async closeAll() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
  };
}

/** @param path of the whole server */
export async function openIn(context: BrowserContext, server: RunningServer, path: string): Promise<OpenedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== server.url)
      strangers.push(request.url());
  });
  await page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}token=${server.token}`);
  return { page, context, complaints, strangers };
}

/** Where a person finds what the pages looked like. */
export function screenshotPath(name: string): string {
  const folder = process.env["CELLWRIGHT_SCREENSHOTS"] || join(tmpdir(), "cellwright-screenshots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

/** No serious accessibility finding and no sideways scrolling in any look; a picture of each is kept. */
export async function expectWellMade(
  { open, closeAll }: Pages,
  path: string,
  name: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const look of looks) {
    const { page } = await open(path, look);
    await ready(page);
    await expectWellShown(page, `${name}-${look.name}`);
    await closeAll();
  }
}

/** The same of a page that is open, as it stands and as wide as a phone. */
export async function expectWellShown(page: Page, name: string): Promise<void> {
  expect(await seriousFindings(page), name).toEqual([]);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: screenshotPath(name), fullPage: true });
  await expectNoSidewaysScroll(page, name);
  const asItWas = page.viewportSize()!;
  await page.setViewportSize(phone);
  await expectNoSidewaysScroll(page, `${name}, as wide as a phone`);
  await page.setViewportSize(asItWas);
}

/** Polled: a plot on its way is wider for a moment. */
export async function expectNoSidewaysScroll(page: Page, message: string): Promise<void> {
  const { width } = page.viewportSize()!;
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message })
    .toBeLessThanOrEqual(width);
}
