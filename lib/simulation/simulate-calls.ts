// Calls a model as its users would, says later what was true, and scores it window by window.
import { createHash } from "node:crypto";
import { requirePositiveInteger } from "../core/check.ts";
import type { FrameLike } from "../frame/columns.ts";
import type { ModelFunction } from "../serving/model-metrics.ts";
import { endpointOf, type SimulatedModel } from "./call-endpoint.ts";
import { type PlanCallsOptions, planCalls } from "./plan-calls.ts";
import { runSimulation, type Simulation, type SimulationProgress } from "./run-simulation.ts";

export interface SimulateCallsOptions extends PlanCallsOptions {
  /**
   * Names the simulation: one of the same id, model and plan goes on where it stopped. Default: told from the plan and the build,
   * so that doing it again does nothing.
   */
  readonly id?: string;
  /** Calls that are scored together. Default 100; the last window may be shorter and says that it is partial. */
  readonly window?: number;
  /** Calls on their way at a time. Default 4. */
  readonly concurrency?: number;
  /** From this probability on, the positive label is predicted. Default 0.5. */
  readonly threshold?: number;
  /** Milliseconds since 1970, of the server's clock: nothing before is of this simulation. Default: all records are looked at. */
  readonly since?: number;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/**
 * Simulates a model's life: calls it with rows, one number a call, tracks the truth of each by its uuid, and the accuracy of
 * each window of calls. `drift` says what goes wrong on the way.
 *
 * What it did stands in the model's records alone (delayed metrics `simulation`, `call`, `truth`, `latency_ms`; aggregate metrics
 * `simulation`, `window`, `accuracy`, …). Killed at any time and started again with the same id, it calls what is still to be
 * called: a call that was answered before its truth was tracked is found by its input, not made again. One process at a time may
 * run a simulation.
 *
 * @param model a deployed one, or a function of this process wrapped by `modelMetrics`
 * @param rows features and label
 * @throws RangeError rows, drift or numbers do not fit; what is recorded under the id was planned otherwise
 * @throws ServerError the model refuses a call, or has not answered for a minute
 */
export async function simulateCalls(
  model: SimulatedModel | ModelFunction,
  rows: FrameLike,
  options: SimulateCallsOptions,
): Promise<Simulation> {
  const { window = 100, concurrency = 4, threshold = 0.5, positive = "Yes", since, onProgress } = options;
  requirePositiveInteger("window", window);
  requirePositiveInteger("concurrency", concurrency);
  const plan = planCalls(rows, options);
  const build = typeof model === "function" ? undefined : model.deployment?.build;
  const id = options.id ?? digest(JSON.stringify([build ?? null, window, plan]));
  return runSimulation(endpointOf(model), plan, {
    ...{ id, window, concurrency, threshold, positive },
    ...(since !== undefined && { since }),
    ...(onProgress && { onProgress }),
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
