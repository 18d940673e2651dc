// The server's log: one JSON line an event, without secrets. Requests are logged by method and path; never query strings
// (they may hold a token), headers or bodies (rows of data).
import { type Logger, pino } from "pino";

export type Log = Logger;

const secretKeys = ["token", "accessKey", "access_key", "authorization", "cookie", "password", "hash"];

export interface LogOptions {
  /** Default "info". */
  readonly level?: string;
  /** File to append to; the standard output when absent. */
  readonly file?: string;
}

export function createLog({ level = "info", file }: LogOptions = {}): Log {
  const options = {
    level,
    base: undefined,
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "…" },
  };
  return file ? pino(options, pino.destination({ dest: file, mkdir: true, sync: false })) : pino(options);
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  return pino({ level: "silent" });
}
