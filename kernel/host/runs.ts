// The cells the child has been asked to run: which one code belongs to, and what the parent is told at a cell's end.
import type { Evaluator, Outcome } from "../evaluator/evaluator.ts";
import type { Report, Request, RunOutcome } from "./child-messages.ts";
import { toJsonBundle } from "./display.ts";

export interface Runs {
  start(request: Request & { op: "run" }): void;
  /** The run that the calling code belongs to; the latest one if nobody knows. */
  current(): number;
  /** An error that no cell waits for: a timer's, a rejected promise's. */
  lateError(error: unknown): void;
}

export interface RunsParts {
  report(report: Report): void;
  /** A cell is about to be reported as ended. */
  onEnd(): void;
}

export function createRuns(evaluator: Evaluator, { report, onEnd }: RunsParts): Runs {
  let latest = 0;
  const current = () => Number(evaluator.currentId() ?? latest);

  async function evaluateAll(run: number, expressions: Record<string, string>): Promise<Record<string, unknown>> {
    const answers: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const outcome = await new Promise<Outcome>((resolve) =>
        evaluator.run({ id: String(run), label: `expression ${name}`, code }, resolve),
      );
      answers[name] =
        outcome.status === "error"
          ? { status: "error", ...outcome.error }
          : { status: "ok", data: toJsonBundle(outcome.data ?? {}), metadata: {} };
    }
    return answers;
  }

  function end(run: number, outcome: RunOutcome): void {
    onEnd();
    report({ op: "done", run, outcome });
  }

  return {
    current,
    start({ run, label, code, expressions }) {
      latest = run;
      evaluator.run({ id: String(run), label, code }, (outcome) => {
        const told = toReport(outcome, evaluator);
        if (told.status === "error" || Object.keys(expressions).length === 0) end(run, told);
        else void evaluateAll(run, expressions).then((answers) => end(run, { ...told, expressions: answers }));
      });
    },
    lateError(error) {
      if (error instanceof Error && error.name === "KeyboardInterrupt") return;
      report({ op: "late-error", run: current(), error: evaluator.describe(error) });
    },
  };
}

/** A bundle that is no JSON fails the cell, not the kernel. */
function toReport(outcome: Outcome, evaluator: Evaluator): RunOutcome {
  if (outcome.status === "error" || !outcome.data) return outcome;
  try {
    return { status: "ok", data: toJsonBundle(outcome.data) };
  } catch (error) {
    return { status: "error", error: evaluator.describe(error) };
  }
}
