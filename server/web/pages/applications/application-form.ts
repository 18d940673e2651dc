// An application as its form holds it, as text, and back. What is wrong is said at its field.
import { type Application, type NewApplication, newApplication } from "../../../../lib/contract/application.ts";
import { ApiError } from "../../parts/api.ts";

export interface ApplicationFields {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  /** `NAME=value`, one a line. */
  readonly environment: string;
  readonly memoryMb: string;
  readonly bypassAuthentication: boolean;
}

export type FieldErrors = { readonly [field in keyof ApplicationFields]?: string };

export function emptyApplication(): ApplicationFields {
  return { name: "", file: "", description: "", environment: "", memoryMb: "512", bypassAuthentication: false };
}

export function fieldsOf(application: Application): ApplicationFields {
  const { name, file, description, environment, memoryMb, bypassAuthentication } = application;
  const lines = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  return {
    name,
    file,
    description,
    environment: lines.join("\n"),
    memoryMb: String(memoryMb),
    bypassAuthentication,
  };
}

/** What to send, or what is wrong with it. */
export function readApplication(fields: ApplicationFields): {
  readonly application?: NewApplication;
  readonly errors: FieldErrors;
} {
  const lines = fields.environment.split("\n").filter((line) => line.trim() !== "");
  const wrong = lines.find((line) => !/^\s*[A-Za-z_][A-Za-z0-9_]*=/.test(line));
  if (wrong !== undefined) return { errors: { environment: `Expected NAME=value, found ${JSON.stringify(wrong)}` } };
  const given: NewApplication = {
    name: fields.name.trim(),
    file: fields.file.trim(),
    description: fields.description.trim(),
    environment: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1)]),
    ),
    memoryMb: Number(fields.memoryMb),
    bypassAuthentication: fields.bypassAuthentication,
  };
  const parsed = newApplication.safeParse(given);
  if (parsed.success) return { application: given, errors: {} };
  const errors: { -readonly [field in keyof FieldErrors]: FieldErrors[field] } = {};
  for (const { path, message } of parsed.error.issues) {
    const field = path[0] as keyof ApplicationFields;
    errors[field] ??= field === "file" && given.file === "" ? "Which program serves it?" : message;
  }
  return { errors };
}

/** Where a refusal of the server belongs; undefined: to the whole form. */
export function fieldOfRefusal(error: Error): keyof ApplicationFields | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === "conflict" || /Cannot name/.test(error.message)) return "name";
  if (error.code === "bad_request") return /Cannot start|file|program/.test(error.message) ? "file" : undefined;
  return undefined;
}
