// What a refused call says: one code per status, the same on every route. No zod, so that bundles may carry it.

/** Error codes of the platform's API and of model calls. */
export type ErrorCode =
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "unsupported_media_type"
  | "busy"
  | "model_error"
  | "not_ready"
  | "timeout"
  | "internal";

export const statusOf: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  busy: 429,
  model_error: 500,
  internal: 500,
  not_ready: 503,
  timeout: 504,
};

/** The body of every refused call. */
export interface ErrorBody {
  readonly success: false;
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    /** Where in the notebook a model threw, when known. */
    readonly cell?: string;
    readonly line?: number;
    readonly requestId?: string;
  };
}
