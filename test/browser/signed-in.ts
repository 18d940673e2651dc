// Pages of a signed-in browser, with what they complain about and whom they ask besides our server.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { RunningServer } from "./served-model.ts";

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: readonly string[];
  /** Requests to another origin. */
  readonly strangers: readonly string[];
}

export interface SignedIn {
  /** @param path below /ui */
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>;
  closeAll(): Promise<void>;
}

export function signedIn(browser: Browser, server: RunningServer): SignedIn {
  const contexts: BrowserContext[] = [];
  return {
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: desktop, colorScheme: "light", ...options });
      contexts.push(context);
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
      const at = new URL(`${server.url}/ui${path}`);
      at.searchParams.set("token", server.token);
      await page.goto(at.href);
      return { page, context, complaints, strangers };
    },
    async closeAll() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
  };
}
