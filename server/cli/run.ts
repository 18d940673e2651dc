// `cellwright run NB…`: notebooks from top to bottom, each in a kernel of its own. What is asked is checked here before any
// kernel starts; the running is run-notebooks.ts.
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type KernelName, kernelNames } from "../../kernel/client/kernelspecs.ts";
import type { PrintPdf } from "../jupyter/export/pdf.ts";
import { readChromium, readFolders } from "../settings.ts";

type Texts = Readonly<Record<string, string>>;

interface RunFlags {
  readonly parameter: Texts;
  readonly out?: string;
  readonly html?: string;
  readonly pdf?: string;
  readonly kernel?: KernelName;
  readonly mode?: "check" | "run";
  readonly gateway?: string;
  readonly gatewayToken?: string;
  readonly gatewayTimeout?: number;
  readonly timeout?: number;
  readonly cellTimeout?: number;
  readonly jobs: number;
  readonly resume?: boolean;
  readonly from?: string;
  readonly junit?: string;
  readonly github?: boolean;
  readonly report?: "junit" | "github";
  readonly project?: string;
  readonly home?: string;
  readonly events?: number;
  readonly json?: boolean;
}

export function runCommand(): Command {
  return new Command("run")
    .description("run notebooks headless; the executed copy is written elsewhere, the input stays as it is")
    .argument("<notebooks...>", ".ipynb files")
    .option(
      "-p, --parameter <name=value>",
      "set a variable of the cell tagged parameters (JSON, else text)",
      parameter,
      {},
    )
    .option("-o, --out <path>", "file or folder for what was executed (default: runs in the home folder)")
    .option("--html <path>", "file or folder for what was executed as a page, plots alive (default: none)")
    .option("--pdf <path>", "the same printed, by a Chromium of this machine (default: none)")
    .addOption(
      new Option(
        "--kernel <name>",
        "which kernel runs them (default: cellwright, or cellwright-run where the notebook says so)",
      ).choices([...kernelNames]),
    )
    .addOption(
      new Option(
        "--mode <mode>",
        "check: types first, refuse what is wrong; run: at once, types after (default: check)",
      )
        .choices(["check", "run"])
        .conflicts("kernel"),
    )
    .addOption(
      new Option("--gateway <url>", "run in kernels of this Jupyter server (default: on this machine)").argParser(
        httpUrl,
      ),
    )
    .addOption(new Option("--gateway-token <token>", "that server's token").env("CELLWRIGHT_GATEWAY_TOKEN"))
    .option("--gateway-timeout <seconds>", "of silence, after which it is connected to anew (default: 20)", seconds)
    .option("--timeout <seconds>", "for each notebook (default: none)", seconds)
    .option("--cell-timeout <seconds>", "for each cell (default: none)", seconds)
    .option("-j, --jobs <n>", "notebooks at a time", positiveInteger, 1)
    .option("--resume", "go on after the cells that the notebook at the place of -o says have run")
    .option("--from <cell>", "the same from this cell on: its id, or its number among the cells that run")
    .option("--junit <file>", "write results as JUnit XML: a testsuite a notebook, a testcase a cell")
    .option("--github", "annotate failures for GitHub Actions (on by itself there)")
    .addOption(
      new Option("--report <kind>", "junit: --junit junit.xml in the home's runs; github: --github").choices([
        "junit",
        "github",
      ]),
    )
    .option("--project <folder>", "the project's folder (default: CELLWRIGHT_PROJECT, else the working directory)")
    .option("--home <folder>", "the home folder (default: CELLWRIGHT_HOME, else .cellwright in the project)")
    .option("--events <fd>", "write progress as JSON lines to this file descriptor", descriptor)
    .option("--json", "results as JSON")
    .addHelpText(
      "after",
      `
A run that goes on has a fresh kernel, without variables: cells that ran before are run again where a later cell needs what they
declare or change; the others keep the outputs they have.

Exit codes: 0 all ran, 1 a cell failed, timed out or its kernel died, 2 wrong use or no notebook of ours, 130 stopped by Ctrl-C`,
    )
    .action(run);
}

async function run(paths: readonly string[], flags: RunFlags): Promise<void> {
  const { project, home } = readFolders(flags);
  const printPdf = flags.pdf === undefined ? undefined : await pdfPrinter();
  const { planRuns } = await import("./plan-runs.ts"); // these two load a parser and ZeroMQ: the other commands stay quick
  const { runNotebooks } = await import("./run-notebooks.ts");
  const runs = planRuns({
    paths,
    home,
    parameters: flags.parameter,
    ...(flags.out !== undefined && { out: flags.out }),
    ...(flags.html !== undefined && { html: flags.html }),
    ...(flags.pdf !== undefined && { pdf: flags.pdf }),
    ...(flags.from !== undefined && { from: flags.from }),
    resume: flags.resume === true,
  });
  const junit = flags.junit ?? (flags.report === "junit" ? join(home, "runs", "junit.xml") : undefined);
  process.exitCode = await runNotebooks(runs, {
    project,
    home,
    ...(flags.kernel !== undefined && { kernel: flags.kernel }),
    ...(flags.mode !== undefined && { kernel: flags.mode === "run" ? "cellwright-run" : "cellwright" }),
    ...(flags.gateway !== undefined && {
      gateway: {
        url: flags.gateway,
        ...(flags.gatewayToken !== undefined && { token: flags.gatewayToken }),
        ...(flags.gatewayTimeout !== undefined && { pingEveryMs: flags.gatewayTimeout * 1000 }),
      },
    }),
    jobs: flags.jobs,
    json: flags.json === true,
    github: flags.github === true || flags.report === "github" || process.env["GITHUB_ACTIONS"] === "true",
    ...(junit !== undefined && { junit }),
    ...(printPdf && { printPdf }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout * 1000 }),
    ...(flags.cellTimeout !== undefined && { cellTimeoutMs: flags.cellTimeout * 1000 }),
    ...(flags.events !== undefined && { events: flags.events }),
  });
}

/** Without a browser the command ends before any notebook has run. */
async function pdfPrinter(): Promise<PrintPdf> {
  const { createPdfPrinter, findBrowser } = await import("../jupyter/export/pdf.ts");
  const browser = findBrowser(readChromium(), process.env);
  return createPdfPrinter({ named: browser, env: process.env });
}

function parameter(text: string, before: Texts): Texts {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("expected name=value");
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError("expected an http or https URL");
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("expected seconds, more than 0");
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 64) return value;
  throw new InvalidArgumentError("expected a whole number from 1 to 64");
}

function descriptor(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 1024) return value;
  throw new InvalidArgumentError("expected the number of an open file descriptor");
}
