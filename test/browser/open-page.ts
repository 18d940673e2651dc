// A page in a context of its own, signed in by the token, that keeps what went wrong in it.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { seriousFindings } from "./page-reading.ts";
import type { RunningServer } from "./served-model.ts";

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** The looks a page is held against. */
export const views = [
  { name: "light", viewport: desktop, colorScheme: "light" },
  { name: "dark", viewport: desktop, colorScheme: "dark" },
  { name: "phone", viewport: phone, colorScheme: "light" },
] as const;

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of its console. */
  readonly complaints: readonly string[];
  /** Requests to other origins. */
  readonly strangers: readonly string[];
}

/** @param path below /ui */
export async function openPage(
  browser: Browser,
  server: RunningServer,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
  return openIn(context, server, `/ui${path}`);
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
  browser: Browser,
  server: RunningServer,
  path: string,
  name: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const { name: view, ...options } of views) {
    const { page, context } = await openPage(browser, server, path, options);
    await ready(page);
    expect(await seriousFindings(page), `${path}, ${view}`).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${path}, ${view}`).toBeLessThanOrEqual(options.viewport.width);
    await page.screenshot({ path: screenshotPath(`${name}-${view}`), fullPage: true });
    await context.close();
  }
}
