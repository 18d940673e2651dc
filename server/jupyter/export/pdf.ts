// A page as PDF, printed by a Chromium that the machine has: headless, in a profile of its own, one at a time. The page asks nobody.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { NotReadyError, TimeoutError } from "../../errors.ts";

/** Gives the PDF of a page's HTML. */
export type PrintPdf = (html: string) => Promise<Buffer>;

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
  "brave",
];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "/snap/bin/chromium",
];
const printWithinMs = 60_000;
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** @param named a browser's path, before those that are looked for */
export function createPdfPrinter({
  named,
  env,
}: {
  readonly named?: string;
  readonly env: NodeJS.ProcessEnv;
}): PrintPdf {
  let last: Promise<unknown> = Promise.resolve();
  return (html) => {
    const printed = last.then(() => print(html, findBrowser(named, env)));
    last = printed.catch(() => {}); // who asked for it is told
    return printed;
  };
}

/**
 * @param named a browser's path, before those that are looked for
 * @throws NotReadyError none is there
 */
export function findBrowser(named: string | undefined, env: NodeJS.ProcessEnv): string {
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const places = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...applications];
  const found = (named ? [named] : places).find((place) => existsSync(place));
  if (found) return found;
  throw new NotReadyError(
    `Cannot export as PDF: found no Chromium${named ? ` at ${named}` : ""}, expected one to print with; install Chromium or ` +
      "Chrome (apt-get install chromium, brew install --cask chromium), or name it in CELLWRIGHT_CHROMIUM",
  );
}

async function print(html: string, browser: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "cellwright-pdf-"));
  try {
    const [page, pdf] = [join(folder, "page.html"), join(folder, "page.pdf")];
    await writeFile(
      page,
      html.replace("<head>", `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}">`),
    );
    await runBrowser(browser, [
      "--headless",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), // it refuses to run as root otherwise
      `--user-data-dir=${join(folder, "profile")}`,
      "--no-pdf-header-footer",
      `--print-to-pdf=${pdf}`,
      `file://${page}`,
    ]);
    return await readFile(pdf);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function runBrowser(browser: string, args: readonly string[]): Promise<void> {
  const child = spawn(browser, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-500);
  });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      end(child.pid);
      reject(new TimeoutError(`Cannot export as PDF: found no end of ${browser} in ${printWithinMs / 1000} s`));
    }, printWithinMs);
    child.once("error", (error) => reject(new NotReadyError(`Cannot export as PDF: ${error.message}`)));
    child.once("close", (code) => {
      clearTimeout(late);
      if (code === 0) resolve();
      else reject(new Error(`Cannot export as PDF: ${browser} ended with ${code}: ${words.trim()}`));
    });
  });
}

/** The browser with the processes it has started. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}
