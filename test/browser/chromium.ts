// The Chromium that the machine has: named by the environment, else where systems put it. Tests without one are skipped with a
// line; in CI that is an error.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Nothing of the browser's own may leave the host either. */
const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws Error none is found in CI, or the one named by CELLWRIGHT_CHROMIUM is not there */
export function findChromium(): string | undefined {
  const named = process.env["CELLWRIGHT_CHROMIUM"];
  if (named && !existsSync(named)) throw new Error(`Cannot test pages: found no browser at ${named}`);
  const found = named || places.find((place) => existsSync(place));
  if (!found && process.env["CI"] === "true")
    throw new Error("Cannot test pages: found no Chromium, expected one in CI or its path in CELLWRIGHT_CHROMIUM");
  if (!found) console.log("Pages are not tested: no Chromium found; CELLWRIGHT_CHROMIUM names one.");
  return found;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: asRoot ? [...quiet, "--no-sandbox"] : quiet });
}
