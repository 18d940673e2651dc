// What can go wrong in a service, and the one table from an error's class to the code and status of its reply. Services throw
// these and know no HTTP. The table goes by class name: an error that crossed a thread has kept nothing else.
import type { ZodType } from "zod";
import { type ErrorBody, type ErrorCode, statusOf } from "../lib/contract/errors.ts";

export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
}
export class UnauthorizedError extends Error {
  override readonly name = "UnauthorizedError";
}
export class ForbiddenError extends Error {
  override readonly name = "ForbiddenError";
}
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}
export class AlreadyExistsError extends Error {
  override readonly name = "AlreadyExistsError";
}
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}
export class UnsupportedMediaTypeError extends Error {
  override readonly name = "UnsupportedMediaTypeError";
}
/** A queue is full; a later try may succeed. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}
/** Nobody ready to answer; a later try may succeed. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}
/** A kernel has no process. */
export class KernelStartError extends Error {
  override readonly name = "KernelStartError";
}
/** The model's own code threw. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  /** Where it threw, when known. */
  readonly place: ErrorPlace | undefined;

  constructor(message: string, place?: ErrorPlace) {
    super(message);
    this.place = place;
  }
}

/** Where in a notebook something was thrown. */
export interface ErrorPlace {
  /** `cell 4 (explain)`: position and id. */
  readonly cell: string;
  /** Line of the cell, from 1. */
  readonly line: number;
  /** `5_model_serve.ipynb, cell 4 (explain), line 3`. */
  readonly place: string;
}

const codes: Readonly<Record<string, ErrorCode>> = {
  BadRequestError: "bad_request",
  BuildError: "bad_request",
  NotebookError: "bad_request",
  UnauthorizedError: "unauthorized",
  ForbiddenError: "forbidden",
  NotFoundError: "not_found",
  AlreadyExistsError: "conflict",
  ConflictError: "conflict",
  DatabaseBusyError: "busy",
  DatabaseClosedError: "not_ready",
  DiskFullError: "not_ready",
  TooLargeError: "too_large",
  PayloadTooLargeError: "too_large",
  UnsupportedMediaTypeError: "unsupported_media_type",
  BusyError: "busy",
  KernelStartError: "internal",
  ModelError: "model_error",
  NotReadyError: "not_ready",
  TimeoutError: "timeout",
};

/** Seconds after which another try makes sense, for the codes where it does. */
export const retryAfterSeconds: Readonly<Partial<Record<ErrorCode, number>>> = { busy: 1, not_ready: 1 };

export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly body: ErrorBody;
}

/** The reply to an error. What we did not foresee says nothing of its inside: the log has it, under the request's id. */
export function refusalFor(error: unknown, requestId?: string): Refusal {
  const code = codeOf(error);
  const message = wordingOf(error, code);
  const place = error instanceof ModelError ? error.place : undefined;
  return {
    status: statusOf[code],
    code,
    body: {
      success: false,
      error: {
        code,
        message,
        ...(place && { cell: place.cell, line: place.line }),
        ...(requestId && { requestId }),
      },
    },
  };
}

export function codeOf(error: unknown): ErrorCode {
  if (!(error instanceof Error)) return "internal";
  if (isDiskFull(error)) return "not_ready";
  return codes[error.name] ?? codeOfStatus((error as { status?: unknown }).status) ?? "internal";
}

/** Our own errors speak for themselves; what a library says may hold a path or a part of the body. */
function wordingOf(error: unknown, code: ErrorCode): string {
  if (error instanceof Error && error.name in codes && error.name !== "PayloadTooLargeError") return error.message;
  if (isDiskFull(error)) return "Cannot write to the home folder: the disk is full";
  if (code === "internal") return "Cannot answer: the server failed; its log says why";
  if (code === "too_large") return "Cannot take the request: it is too large";
  return (error as { type?: string }).type === "entity.parse.failed"
    ? "Cannot read the request: found no JSON, expected a JSON object"
    : `Cannot answer: ${code.replaceAll("_", " ")}`;
}

/** A file could not be written: the same as a full database. */
function isDiskFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ENOSPC";
}

/** Errors of Express and its body parser carry a status of the 400s; ours never do. */
function codeOfStatus(status: unknown): ErrorCode | undefined {
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  if (status === 400) return "bad_request";
  const known = (Object.entries(statusOf) as [ErrorCode, number][]).find(([, its]) => its === status);
  return known?.[0] ?? "bad_request";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What came in over HTTP, in the contract's shape.
 *
 * @param doing for the message: `create a model`
 * @throws BadRequestError it has another shape; the message names the keys
 */
export function parse<T>(schema: ZodType<T>, body: unknown, doing = "read the request"): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join(".")}: ${message}` : message,
  );
  throw new BadRequestError(`Cannot ${doing}: ${complaints.join("; ")}`);
}
