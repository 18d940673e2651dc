// POST /model — the way of every prediction: key, signature, replica, record, reply. A plain handler in front of Express, which
// alone would cost more than all of this; what guards Express guards it too, by the functions handed in.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PredictionRecord } from "../../lib/contract/prediction.ts";
import type { JsonObject, JsonValue } from "../../lib/contract/signature.ts";
import { type Principal, requireScope } from "../auth/principal.ts";
import {
  BadRequestError,
  ModelError,
  messageOf,
  NotReadyError,
  refusalFor,
  retryAfterSeconds,
  UnauthorizedError,
  UnsupportedMediaTypeError,
} from "../errors.ts";
import type { Log } from "../log.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import type { FailedCall, ReplicaPool } from "./replica-pool.ts";
import type { Route, RoutedDeployment, RouteTable } from "./route-table.ts";

export interface ModelCallParts {
  readonly routes: RouteTable;
  /** Host and Origin; throws. */
  readonly guard: (req: IncomingMessage) => void;
  /** The key in the Authorization header; undefined when it opens nothing. */
  readonly authenticate: (req: IncomingMessage) => Promise<Principal | undefined>;
  readonly readBody: (req: IncomingMessage) => Promise<string>;
  /** Durable when it resolves. @param createdBy whose key came along, if one did */
  readonly record: (record: PredictionRecord, createdBy?: string) => Promise<void>;
  readonly log: Log;
}

export type PlainHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export function isModelCall({ method, url = "" }: IncomingMessage): boolean {
  return method === "POST" && (url === "/model" || url.startsWith("/model?"));
}

export function modelCallHandler(parts: ModelCallParts): PlainHandler {
  return async (req, res) => {
    try {
      reply(res, 200, await answerCall(parts, req));
      parts.log.debug({ method: "POST", path: "/model", status: 200 }, "request");
    } catch (error) {
      refuse(parts.log, req, res, error);
    }
  };
}

async function answerCall(parts: ModelCallParts, req: IncomingMessage): Promise<string> {
  parts.guard(req);
  requireJson(req);
  const body = parseBody(await parts.readBody(req));
  const caller = req.headers.authorization === undefined ? undefined : await requireCaller(parts, req);
  const route = routeOf(parts.routes, body["accessKey"] ?? keyInQuery(req));
  const { deployment } = route;
  if (!deployment) throw new NotReadyError(`Cannot call ${route.modelName}: nothing is deployed`);
  const uuid = timeOrderedUuid();
  const request = body["request"] ?? null;
  const startTimestampMs = Date.now();
  const { outcome, error, text } = await predict(deployment, uuid, request);
  const record: PredictionRecord = {
    uuid,
    modelCrn: route.modelCrn,
    buildCrn: deployment.buildCrn,
    deploymentCrn: deployment.crn,
    startTimestampMs,
    endTimestampMs: Date.now(),
    request,
    ...outcome,
  };
  await parts.record(record, caller?.id);
  if (error) throw error;
  return text;
}

interface Predicted {
  readonly outcome: Pick<
    PredictionRecord,
    "status" | "response" | "metrics" | "errorCode" | "errorMessage" | "errorPlace"
  >;
  /** The reply when there is no error. */
  readonly text: string;
  readonly error?: Error;
}

/** Never throws: what went wrong is an outcome too, and recorded. */
async function predict({ pool, crn }: RoutedDeployment, uuid: string, request: JsonValue): Promise<Predicted> {
  try {
    const { response, metrics } = await pool.call(uuid, requireFitting(request, pool));
    const outcome = { status: 200, response: JSON.parse(response) as JsonValue, metrics };
    return {
      outcome,
      text: pool.tracked() ? trackedText(response, uuid, crn) : `{"success":true,"response":${response}}`,
    };
  } catch (thrown) {
    const error = thrown as FailedCall;
    const { status, code: errorCode } = refusalFor(error);
    const errorPlace = error instanceof ModelError ? error.place?.place : undefined;
    const outcome = { status, errorCode, errorMessage: messageOf(error), response: null, metrics: error.metrics ?? {} };
    return { outcome: errorPlace ? { ...outcome, errorPlace } : outcome, text: "", error };
  }
}

function requireJson({ headers }: IncomingMessage): void {
  const type = headers["content-type"] ?? "";
  if (/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return;
  throw new UnsupportedMediaTypeError(`Cannot read the call: found content type "${type}", expected application/json`);
}

function parseBody(text: string): Record<string, JsonValue> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BadRequestError('Cannot read the call: found no JSON, expected {"accessKey": …, "request": {…}}');
  }
  if (isObject(body)) return body as Record<string, JsonValue>;
  throw new BadRequestError('Cannot read the call: expected a JSON object {"accessKey": …, "request": {…}}');
}

async function requireCaller({ authenticate }: ModelCallParts, req: IncomingMessage): Promise<Principal> {
  const principal = await authenticate(req);
  if (!principal)
    throw new UnauthorizedError("Cannot call the model: the key in the Authorization header is not valid");
  requireScope(principal, "models:call");
  return principal;
}

function keyInQuery({ url = "" }: IncomingMessage): string | null {
  const at = url.indexOf("?");
  return at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get("accessKey");
}

function routeOf(routes: RouteTable, accessKey: unknown): Route {
  const route = typeof accessKey === "string" ? routes.find(accessKey) : undefined;
  if (route) return route;
  const found = accessKey === null || accessKey === undefined ? "no access key" : "an unknown access key";
  throw new UnauthorizedError(`Cannot call a model: found ${found}, expected the one \`cellwright status\` shows`);
}

function requireFitting(request: JsonValue, pool: ReplicaPool): JsonObject {
  if (!isObject(request)) throw new BadRequestError('Cannot call the model: expected "request" to be a JSON object');
  const wrong = pool.complaint(request as JsonObject);
  if (wrong !== undefined) throw new BadRequestError(wrong);
  return request as JsonObject;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function trackedText(response: string, uuid: string, deploymentCrn: string): string {
  return `{"success":true,"response":{"model_deployment_crn":${JSON.stringify(deploymentCrn)},"prediction":${response},"uuid":"${uuid}"}}`;
}

function refuse(log: Log, req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const requestId = randomUUID();
  const { status, code, body } = refusalFor(error, requestId);
  if (code === "internal") log.error({ err: error, requestId }, "a model call failed");
  else log.info({ requestId, method: req.method, path: "/model", status, code, reason: messageOf(error) }, "refused");
  if (res.headersSent || res.destroyed) return;
  const headers = [...noSniff, "x-request-id", requestId];
  const seconds = retryAfterSeconds[code];
  if (seconds !== undefined) headers.push("retry-after", String(seconds));
  if (status === 401) headers.push("www-authenticate", "Bearer");
  if (!req.complete) {
    headers.push("connection", "close"); // what is left of the body is not read
    res.on("finish", () => req.destroy());
  }
  reply(res, status, JSON.stringify(body), headers);
}

const fixedHeaders = ["content-type", "application/json; charset=utf-8", "cache-control", "no-store"];
const noSniff = ["x-content-type-options", "nosniff"];

/** Plain ASCII, as most replies are, is written as latin1: the same bytes at a lower price. */
function reply(res: ServerResponse, status: number, text: string, more: readonly string[] = noSniff): void {
  const bytes = Buffer.byteLength(text);
  res.writeHead(status, [...fixedHeaders, "content-length", String(bytes), ...more]);
  res.end(text, bytes === text.length ? "latin1" : "utf8");
}
