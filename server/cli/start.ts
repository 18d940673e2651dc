// `cellwright start`: the server of this project, in the foreground until Ctrl-C.
import { spawn } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { snippets } from "../../lib/platform/snippets.ts";
import type { RunningServer } from "../app.ts";
import { HomeInUseError } from "../home-lock.ts";
import { readServerFile } from "../server-file.ts";
import { readSettings, type SettingFlags } from "../settings.ts";
import { note, paint, print } from "./output.ts";

interface StartFlags extends SettingFlags {
  readonly demo: boolean;
  readonly open?: boolean;
}

export function startCommand(): Command {
  return new Command("start")
    .description(
      "start the server; on the first start of a project it runs the example notebooks and deploys their model",
    )
    .option("--port <n>", "port to listen on (default: 8888 or the next free one)")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--project <folder>", "the project's folder (default: the working directory)")
    .option("--home <folder>", "the home folder (default: .cellwright in the project)")
    .option("--token <token>", "the start token (default: the home folder's, made on the first start)")
    .option("--no-demo", "do not run the example notebooks on the first start")
    .option("--open", "open the dashboard in a browser")
    .addHelpText("after", "\nExit codes: 0 stopped, or one runs already, 1 it could not start, 2 wrong use")
    .action(start);
}

async function start(flags: StartFlags): Promise<void> {
  const settings = readSettings(flags);
  outliveReaders();
  setFlagsFromString("--optimize-for-size"); // what starting leaves behind is collected soon, and the heap does not grow for it
  const { startServer } = await import("../app.ts"); // here alone: the other commands stay quick
  let server: RunningServer;
  try {
    server = await startServer(settings);
  } catch (error) {
    if (!(error instanceof HomeInUseError)) throw error;
    return tellRunning(settings.home, error);
  }
  const { stopped, stopping } = stopOnSignals(server);
  await server.settled;
  setFlagsFromString("--no-optimize-for-size");
  try {
    if (flags.demo && !stopping.aborted) await runPipeline(server, stopping); // the next start goes on where a signal ends it
    if (!stopping.aborted) await tellStarted(server);
  } catch (error) {
    if (!stopping.aborted) throw error; // else it was asked of a server on its way down
  }
  if (flags.open && !stopping.aborted) openBrowser(signInUrl(server));
  await stopped;
}

/** Whoever reads what is printed may go away: the server stays, and its log tells on. */
function outliveReaders(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

async function runPipeline(server: RunningServer, stopping: AbortSignal): Promise<void> {
  const { firstStart } = await import("./first-start.ts");
  await firstStart(server, signInUrl(server), stopping);
}

function tellRunning(home: string, error: HomeInUseError): void {
  const running = readServerFile(home);
  if (!running) throw error; // it is on its way up, or down
  note(`${paint("●", 32)} already running, process ${running.pid}`);
  print(signInUrl(running));
}

async function tellStarted(server: RunningServer): Promise<void> {
  print(`Cellwright runs: ${signInUrl(server)}`);
  const { items } = await server.listModels();
  for (const { name, deployment, accessKey } of items) {
    print(`${name} ${deployment?.status ?? "not deployed"}: ${server.url}/ui/models/${name}`);
    if (deployment?.example) print(snippets({ endpoint: `${server.url}/model`, accessKey }, deployment.example).curl);
  }
  if (items.length === 0) print("Deploy a model: cellwright deploy NOTEBOOK --function F --name NAME");
}

function signInUrl({ url, token }: { readonly url: string; readonly token: string }): string {
  return `${url}/?token=${encodeURIComponent(token)}`;
}

interface Stopping {
  /** Aborted by the first signal. */
  readonly stopping: AbortSignal;
  /** All is down. */
  readonly stopped: Promise<void>;
}

/** The first signal stops in order, a second one at once. */
function stopOnSignals(server: RunningServer): Stopping {
  const begun = new AbortController();
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = (signal: NodeJS.Signals): void => {
      if (begun.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
      begun.abort();
      note("stopping; once more to end at once");
      server.stop().then(resolve, reject);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    process.on("SIGHUP", stop);
  });
  return { stopping: begun.signal, stopped };
}

function openBrowser(url: string): void {
  const [program = "", ...before] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[
    process.platform as string
  ] ?? ["xdg-open"];
  const child = spawn(program, [...before, url], { stdio: "ignore", detached: true });
  child.once("error", () => note(`Cannot open a browser here: open ${url}`));
  child.unref();
}
