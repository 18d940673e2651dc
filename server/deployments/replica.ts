// One process that runs one build and answers its calls. Started by fork:
//   replica.js BUILD_FOLDER DEPLOYMENT_CRN PARENT_PID   serves, over the fork channel
//   replica.js --check BUILD_FOLDER                      runs the cells once and prints one CheckResult line; what the cells
//                                                        print goes to stderr, rows the model learnt from to reference.json
import { AsyncLocalStorage } from "node:async_hooks";
import { writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { BuildManifest, CheckResult } from "../../lib/contract/build-manifest.ts";
import type { JsonObject, JsonValue } from "../../lib/contract/signature.ts";
import { type ServingContext, servingSymbol } from "../../lib/contract/symbols.ts";
import { placeInNotebook } from "./error-place.ts";
import { type AssetKind, loadBundle, readManifest } from "./load-bundle.ts";
import { perTick } from "./per-tick.ts";
import {
  type AnswerMessage,
  type CallMessage,
  pingId,
  type StartMessage,
  type ThrownMessage,
} from "./replica-messages.ts";
import { watchParent } from "./watch-parent.ts";

const serving = new AsyncLocalStorage<ServingContext>();
Object.assign(globalThis, { [servingSymbol]: serving });

const [first = "", second = "", third = ""] = process.argv.slice(2);
if (first === "--check") await check(second);
else await serve(first, second, Number(third));

async function serve(folder: string, deploymentCrn: string, parentPid: number): Promise<void> {
  watchParent(parentPid);
  stayAlive();
  process.on("disconnect", () => process.exit()); // the server is gone, or has drained us
  let manifest: BuildManifest | undefined;
  try {
    manifest = readManifest(folder);
    const { predict, description, tracked } = await loadBundle(folder, manifest);
    const reply = perTick<AnswerMessage>((batch) => process.connected && process.send!(batch));
    const answer = answering(predict, deploymentCrn, manifest);
    process.on("message", (batch: CallMessage[]) => {
      for (const call of batch) void answer(call).then(reply);
    });
    tell({ state: "ready", description, tracked });
  } catch (error) {
    console.error(error);
    tell({ state: "failed", error: thrown(error, manifest) });
  }
}

/** Answers one call; never throws. */
function answering(
  predict: (request: JsonObject) => unknown,
  deploymentCrn: string,
  manifest: BuildManifest,
): (call: CallMessage) => Promise<AnswerMessage> {
  return async ([id, uuid, request]) => {
    if (id === pingId) return [pingId, null, {}];
    const metrics: Record<string, JsonValue> = {};
    try {
      const response = await serving.run({ uuid, deploymentCrn, metrics }, () => predict(request));
      return [id, JSON.stringify(response) ?? "null", metrics];
    } catch (error) {
      return [id, null, metrics, thrown(error, manifest)];
    }
  };
}

function tell(message: StartMessage): void {
  process.send!(message);
}

/** A rejection or throw outside any call is the log's, not the end of everyone else's calls. */
function stayAlive(): void {
  process.on("uncaughtException", (error) => console.error(error));
  process.on("unhandledRejection", (reason) => console.error(reason));
}

function thrown(error: unknown, manifest: BuildManifest | undefined): ThrownMessage {
  const isError = error instanceof Error || (error as Error | undefined)?.stack !== undefined;
  if (!isError) return { message: `threw ${typeof error === "string" ? error : typeof error}` };
  const { message, stack } = error as Error;
  const at = manifest && typeof stack === "string" ? placeInNotebook(stack, manifest) : undefined;
  return { message: String(message), ...(at && { at }) };
}

async function check(folder: string): Promise<void> {
  watchParent(process.ppid);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  const needs: { path: string; kind: AssetKind }[] = [];
  const missing = (path: string, kind: AssetKind): never => {
    needs.push({ path, kind });
    throw new Error(`Cannot read ${JSON.stringify(path)}: it is not among the inputs of the build`);
  };
  const manifest = readManifest(folder);
  let result: CheckResult;
  try {
    const { description, reference } = await loadBundle(folder, manifest, missing);
    if (reference) writeFileSync(join(folder, "reference.json"), JSON.stringify(reference), { flush: true });
    result = { ok: true, description };
  } catch (error) {
    result = { ok: false, error: checkError(error, manifest) };
  }
  if (needs.length > 0) result = { ok: false, needs };
  writeSync(1, `${JSON.stringify(result)}\n`);
  process.exit(0);
}

function checkError(error: unknown, manifest: BuildManifest): { message: string; stack?: string; place?: string } {
  const { message, at } = thrown(error, manifest);
  const stack = (error as Error | undefined)?.stack;
  return { message, ...(typeof stack === "string" && { stack }), ...(at && { place: at.place }) };
}
