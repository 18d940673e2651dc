// Ends what runs, keeps what was made. Called by the helper thread through its own inspector session, so it also arrives in the
// middle of running code. Stages: ask (`probe(false)`: a cell's synchronous part is terminated, pending awaits reject, so that
// `finally` runs), insist (`probe(true)`: whatever still blocks is terminated), and settle (a cell that is still open is closed).
import { questionScript } from "./runtime-name.ts";

/** What an interrupt needs to know of a running cell. */
export interface Interruptible {
  /** Set once an interrupt meant it: what its awaits throw from then on, and what it ends with. */
  interruption: Interruption | undefined;
  /** Rejects each await that is pending. */
  readonly waits: Set<(error: Interruption) => void>;
  fail(error: Interruption): void;
}

/** Named as Jupyter's clients know it. */
export class Interruption extends Error {
  override name = "KeyboardInterrupt";
  constructor() {
    super("The cell was interrupted");
  }
}

export type Probed = "terminated" | "busy" | "idle";

export class Interrupts<Run extends Interruptible> {
  readonly #live = new Set<Run>();
  readonly #terminate: () => void;
  /** The cell whose first, synchronous part runs: only there does a termination end in our own hands. */
  #inside: Run | undefined;
  /** Above zero while a cell's end is told: terminated there, nobody would ever hear of it. */
  #telling = 0;

  /** @param terminate posts Runtime.terminateExecution from this thread's own session */
  constructor(terminate: () => void) {
    this.#terminate = terminate;
  }

  /** Runs a cell's first part; true if it was terminated. */
  inside(run: Run, work: () => void): boolean {
    this.#live.add(run);
    this.#inside = run;
    try {
      work();
    } finally {
      this.#inside = undefined;
    }
    return run.interruption !== undefined;
  }

  leave(run: Run): void {
    if (this.#inside === run) this.#inside = undefined;
  }

  end(run: Run): void {
    this.leave(run);
    this.#live.delete(run);
  }

  /** Runs what ends by itself and must come to its end. */
  undisturbed(work: () => void): void {
    this.#telling++;
    try {
      work();
    } finally {
      this.#telling--;
    }
  }

  probe(insist: boolean): Probed {
    if (this.#telling > 0) return "busy";
    const busy = isBusy();
    if (this.#inside) {
      this.#inside.interruption ??= new Interruption();
      this.#terminate();
      return "terminated";
    }
    for (const run of this.#live) if (!insist || run.interruption) this.#ask(run);
    if (!busy) return "idle";
    if (!insist) return "busy";
    for (const run of [...this.#live]) if (run.interruption) run.fail(run.interruption);
    this.#terminate();
    return "terminated";
  }

  settle(): boolean {
    if (isBusy()) return false;
    this.#inside = undefined;
    for (const run of [...this.#live]) if (run.interruption) run.fail(run.interruption);
    return true;
  }

  #ask(run: Run): void {
    run.interruption ??= new Interruption();
    const waits = [...run.waits];
    run.waits.clear();
    for (const reject of waits) reject(run.interruption);
  }
}

function isBusy(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 20;
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  const question = sites.findIndex((site) => site.getScriptNameOrSourceURL?.() === questionScript);
  return sites.slice(question + 1).some((site) => !site.isAsync());
}
