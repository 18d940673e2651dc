// A job as its form holds it, as text, and back. What is wrong is said at its field: first by the contract, then by the server.
import { type Job, type NewJob, newJob } from "../../../../lib/contract/job.ts";
import type { JsonValue } from "../../../../lib/contract/signature.ts";
import { ApiError } from "../../parts/api.ts";

export interface JobFields {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  /** Of a notebook: a JSON object. */
  readonly parameters: string;
  /** Of a script: one a line. */
  readonly arguments: string;
  /** Of a notebook. */
  readonly kernel: string;
  /** NAME=value, one a line. */
  readonly environment: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly after: readonly string[];
  readonly timeoutSeconds: string;
  readonly retries: string;
  readonly retryDelaySeconds: string;
  readonly overlap: string;
}

export type FieldErrors = { readonly [field in keyof JobFields]?: string };

export function emptyJob(): JobFields {
  return {
    name: "",
    file: "",
    description: "",
    parameters: "{}",
    arguments: "",
    kernel: "cellwright",
    environment: "",
    cron: "",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    after: [],
    timeoutSeconds: "",
    retries: "0",
    retryDelaySeconds: "10",
    overlap: "queue",
  };
}

export function fieldsOf(job: Job): JobFields {
  return {
    name: job.name,
    file: job.file,
    description: job.description,
    parameters: JSON.stringify(job.parameters, null, 2),
    arguments: job.arguments.join("\n"),
    kernel: job.kernel,
    environment: Object.entries(job.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    cron: job.schedule?.cron ?? "",
    timeZone: job.schedule?.timeZone ?? emptyJob().timeZone,
    after: job.after,
    timeoutSeconds: job.timeoutSeconds === null ? "" : String(job.timeoutSeconds),
    retries: String(job.retries),
    retryDelaySeconds: String(job.retryDelaySeconds),
    overlap: job.overlap,
  };
}

export function isNotebook(file: string): boolean {
  return file.trim() === "" || file.trim().endsWith(".ipynb");
}

/** What to send, or what is wrong with it. */
export function readJob(fields: JobFields): { readonly job?: NewJob; readonly errors: FieldErrors } {
  const notebook = isNotebook(fields.file);
  const parameters = readParameters(fields.parameters);
  if (notebook && parameters.error) return { errors: { parameters: parameters.error } };
  const environment = readEnvironment(fields.environment);
  if (environment.error) return { errors: { environment: environment.error } };
  const given = {
    name: fields.name.trim(),
    file: fields.file.trim(),
    description: fields.description.trim(),
    parameters: notebook ? parameters.value : {},
    arguments: notebook ? [] : fields.arguments.split("\n").filter((line) => line !== ""),
    kernel: fields.kernel,
    environment: environment.value,
    schedule:
      fields.cron.trim() === "" ? null : { cron: fields.cron.trim(), timeZone: fields.timeZone.trim() || "UTC" },
    after: [...fields.after],
    timeoutSeconds: fields.timeoutSeconds.trim() === "" ? null : Number(fields.timeoutSeconds),
    retries: Number(fields.retries),
    retryDelaySeconds: Number(fields.retryDelaySeconds),
    overlap: fields.overlap,
  };
  const parsed = newJob.safeParse(given);
  if (parsed.success) return { job: given as NewJob, errors: {} };
  const errors: { -readonly [field in keyof FieldErrors]: FieldErrors[field] } = {};
  for (const { path, message } of parsed.error.issues) {
    const field = fieldAt(path);
    errors[field] ??= field === "file" && given.file === "" ? "Which notebook or script runs?" : message;
  }
  return { errors };
}

/** Where a refusal of the server belongs; undefined: to the whole form. */
export function fieldOfRefusal(error: Error): keyof JobFields | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === "conflict") return "name";
  if (error.code !== "bad_request") return undefined;
  const says = (words: RegExp) => words.test(error.message);
  if (says(/time zone/)) return "timeZone";
  if (says(/^Cannot schedule/)) return "cron";
  if (says(/^Cannot run \S+ after/)) return "after";
  if (says(/^Cannot give arguments/)) return "arguments";
  if (says(/^Cannot set/)) return "parameters";
  if (says(/notebook|script/)) return "file";
  return undefined;
}

function readParameters(text: string): { readonly value?: { [name: string]: JsonValue }; readonly error?: string } {
  if (text.trim() === "") return { value: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value: value as { [name: string]: JsonValue } };
    return { error: 'Expected a JSON object, as in {"rows": 100}' };
  } catch (error) {
    return { error: `Not JSON: ${(error as Error).message}` };
  }
}

function readEnvironment(text: string): { readonly value?: Record<string, string>; readonly error?: string } {
  const value: Record<string, string> = {};
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [, name, rest] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) return { error: `Expected NAME=value, found ${line.trim()}` };
    value[name] = rest!;
  }
  return { value };
}

function fieldAt([first, second]: readonly PropertyKey[]): keyof JobFields {
  if (first === "schedule") return second === "timeZone" ? "timeZone" : "cron";
  return first as keyof JobFields;
}
