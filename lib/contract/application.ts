// Applications: web programs of the user's own that the server starts, watches and puts on an origin of their own.
import { z } from "zod";

/** Also the host name: `NAME.localhost`. */
export const applicationName: z.ZodString = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected lower-case letters, digits and dashes, at most 63");

const fields = {
  description: z.string().max(2000),
  /** `.ts`, `.mjs` or `.js`, from the project's folder: a program that listens on CELLWRIGHT_APP_PORT. */
  file: z.string().min(1).max(1000),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000)),
  memoryMb: z.int().min(64).max(65_536),
  /** Anyone who reaches the server may open it. */
  bypassAuthentication: z.boolean(),
};

export const newApplication = z.strictObject({
  name: applicationName,
  file: fields.file,
  description: fields.description.default(""),
  environment: fields.environment.default({}),
  memoryMb: fields.memoryMb.default(512),
  bypassAuthentication: fields.bypassAuthentication.default(false),
});
export type NewApplication = z.input<typeof newApplication>;

export const applicationChange = z.strictObject(fields).partial();
export type ApplicationChange = z.input<typeof applicationChange>;

export const applicationStatus = z.enum(["starting", "running", "restarting", "stopping", "stopped", "failed"]);
export type ApplicationStatus = z.infer<typeof applicationStatus>;

export interface Application extends Required<z.output<typeof newApplication>> {
  readonly id: string;
  readonly crn: string;
  readonly status: ApplicationStatus;
  /** Why it failed or is being restarted; empty when well. */
  readonly problem: string;
  /** Its own origin: `http://churn.localhost:8888`; opening it goes by `/api/v2/applications/NAME/open`, which signs in. */
  readonly url: string;
  /** Times it was restarted by itself since it was last started. */
  readonly restarts: number;
  readonly startedAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What `/applications/events` pushes: SSE events named by the type; their data is the application, or its `{name}` alone. */
export type ApplicationEvent =
  | { readonly type: "application"; readonly application: Application }
  | { readonly type: "removed"; readonly name: string }
  /** Its log has grown; told a few times a second at most. */
  | { readonly type: "logged"; readonly name: string };
