// The server's settings: environment name, default and meaning in one table, from which the README's is made. A command's flag
// wins over the environment. Nobody else on the server reads process.env for them.
import { isAbsolute, join, resolve } from "node:path";
import { quote } from "../lib/core/check.ts";

export interface Setting {
  readonly env: string;
  /** For people. */
  readonly default: string;
  readonly meaning: string;
}

export const settings = {
  project: { env: "CELLWRIGHT_PROJECT", default: "the working directory", meaning: "the project's folder" },
  home: {
    env: "CELLWRIGHT_HOME",
    default: "`<project>/.cellwright`",
    meaning: "what Cellwright keeps: database, builds, logs",
  },
  host: { env: "CELLWRIGHT_HOST", default: "127.0.0.1", meaning: "address to listen on" },
  port: {
    env: "CELLWRIGHT_PORT",
    default: "8888, or the next free one",
    meaning: "port to listen on; a given one must be free",
  },
  token: { env: "CELLWRIGHT_TOKEN", default: "`<home>/token`", meaning: "the start token; for commands, the server's" },
  url: {
    env: "CELLWRIGHT_URL",
    default: "in `<home>/server.json`",
    meaning: "the server that commands and notebooks talk to",
  },
  database: {
    env: "CELLWRIGHT_DATABASE",
    default: "`<home>/cellwright.db`",
    meaning: "a file, or postgres://user:password@host/name",
  },
  warehouse: { env: "CELLWRIGHT_WAREHOUSE", default: "`<home>/warehouse`", meaning: "folder of the tables" },
  labExtensions: {
    env: "CELLWRIGHT_LAB_EXTENSIONS",
    default: "`<home>/labextensions`",
    meaning: "folder of JupyterLab's prebuilt extensions",
  },
  allowedHosts: {
    env: "CELLWRIGHT_ALLOWED_HOSTS",
    default: "none",
    meaning: "names the server is reached by besides localhost and addresses, with commas",
  },
  appPorts: {
    env: "CELLWRIGHT_APP_PORTS",
    default: "none; `any` when the server listens beyond this machine",
    meaning: "a port for each application, `9000-9099` or `any`, where NAME.localhost leads nowhere",
  },
  callTimeout: { env: "CELLWRIGHT_CALL_TIMEOUT", default: "30", meaning: "seconds a model has to answer a call" },
  replicaConcurrency: {
    env: "CELLWRIGHT_REPLICA_CONCURRENCY",
    default: "64",
    meaning: "calls that one replica has in hand at a time",
  },
  queueLength: {
    env: "CELLWRIGHT_QUEUE_LENGTH",
    default: "1000",
    meaning: "calls of one deployment that wait for a replica before more are refused",
  },
  requestLimit: { env: "CELLWRIGHT_REQUEST_LIMIT_MB", default: "5", meaning: "the largest request" },
  jobsAtOnce: { env: "CELLWRIGHT_JOBS_AT_ONCE", default: "2", meaning: "job runs at a time on this server" },
  jobRunsKept: { env: "CELLWRIGHT_JOB_RUNS_KEPT", default: "50", meaning: "ended runs kept of each job, the newest" },
  predictionDays: {
    env: "CELLWRIGHT_PREDICTION_DAYS",
    default: "30",
    meaning: "days that recorded calls and their metrics are kept",
  },
  predictionCalls: {
    env: "CELLWRIGHT_PREDICTION_CALLS",
    default: "10000000",
    meaning: "recorded calls that are kept at most; the oldest go first",
  },
  kernelIdle: {
    env: "CELLWRIGHT_KERNEL_IDLE_MINUTES",
    default: "never",
    meaning: "minutes after which a kernel of Lab that nobody uses is ended",
  },
  hiddenFiles: {
    env: "CELLWRIGHT_LAB_HIDDEN_FILES",
    default: "no",
    meaning: "yes: Lab reaches files whose name begins with a dot, and its menu View can list them",
  },
  chromium: {
    env: "CELLWRIGHT_CHROMIUM",
    default: "one that the machine has",
    meaning: "the browser that prints notebooks as PDF",
  },
  logLevel: { env: "CELLWRIGHT_LOG_LEVEL", default: "info", meaning: "trace, debug, info, warn, error or silent" },
  churnCsv: { env: "CHURN_CSV", default: "generated customers", meaning: "a real file for the churn notebooks" },
} satisfies Record<string, Setting>;

/** How model calls are limited; the same for every deployment. */
export interface CallLimits {
  /** Default 30,000. */
  readonly timeoutMs: number;
  /** Calls given to one replica at a time. Default 64. */
  readonly replicaConcurrency: number;
  /** Calls of one deployment that wait for a replica. Default 1,000. */
  readonly queueLength: number;
  /** Default 5 MB. */
  readonly requestBytes: number;
}

export interface JobLimits {
  /** Processes at a time. Default 2. */
  readonly atOnce: number;
  /** Ended runs kept of each job. Default 50. */
  readonly keep: number;
}

/** Both 0: any free one. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface ServerSettings {
  readonly project: string;
  readonly home: string;
  readonly host: string;
  /** Absent: 8888 or the next free one. 0: any free one. */
  readonly port?: number;
  /** Absent: the one in the home. */
  readonly token?: string;
  readonly database: string;
  /** Folder of prebuilt extensions of Lab. */
  readonly labExtensions: string;
  readonly allowedHosts: readonly string[];
  /** Absent: applications answer as NAME.localhost on the server's own port. */
  readonly appPorts?: PortRange;
  readonly limits: CallLimits;
  readonly jobs: JobLimits;
  /** How long recorded calls stay, and how many. */
  readonly retention: { readonly days: number; readonly calls: number };
  /** After so long without use a kernel of Lab is ended. 0, the default: never. */
  readonly kernelIdleMs: number;
  /** Whether Lab reaches files whose name begins with a dot. */
  readonly hiddenFiles: boolean;
  /** Absent: one that the machine has. */
  readonly chromium?: string;
  readonly logLevel: string;
}

/** What a command's flags may say; each wins over the environment. */
export interface SettingFlags {
  readonly project?: string;
  readonly home?: string;
  readonly host?: string;
  readonly port?: string | number;
  readonly token?: string;
}

export const defaultPort = 8888;

/**
 * The settings of a server.
 *
 * @throws RangeError a number is none or out of its range, or a yes or no is neither
 */
export function readSettings(flags: SettingFlags = {}, env: NodeJS.ProcessEnv = process.env): ServerSettings {
  const { project, home } = readFolders(flags, env);
  const port = flags.port ?? (env[settings.port.env] || undefined);
  const token = flags.token ?? (env[settings.token.env] || undefined);
  const host = flags.host ?? (env[settings.host.env] || "127.0.0.1");
  const appPorts = portsOf(env[settings.appPorts.env], host);
  return {
    project,
    home,
    host,
    ...(port !== undefined && { port: numberIn(settings.port.env, String(port), 0, 65_535) }),
    ...(token !== undefined && { token: requireToken(token) }),
    database: databaseOf(env[settings.database.env], project, home),
    labExtensions: readLabExtensionsFolder({ project, home }, env),
    allowedHosts: (env[settings.allowedHosts.env] ?? "")
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
    ...(appPorts && { appPorts }),
    limits: {
      timeoutMs: 1000 * numberFrom(env, settings.callTimeout.env, 30, 0.01, 86_400),
      replicaConcurrency: Math.round(numberFrom(env, settings.replicaConcurrency.env, 64, 1, 10_000)),
      queueLength: Math.round(numberFrom(env, settings.queueLength.env, 1000, 0, 1_000_000)),
      requestBytes: Math.round(1e6 * numberFrom(env, settings.requestLimit.env, 5, 0.001, 1000)),
    },
    jobs: {
      atOnce: Math.round(numberFrom(env, settings.jobsAtOnce.env, 2, 1, 1000)),
      keep: Math.round(numberFrom(env, settings.jobRunsKept.env, 50, 1, 100_000)),
    },
    retention: {
      days: numberFrom(env, settings.predictionDays.env, 30, 0.001, 36_500),
      calls: Math.round(numberFrom(env, settings.predictionCalls.env, 10_000_000, 1, 1e12)),
    },
    kernelIdleMs: 60_000 * numberFrom(env, settings.kernelIdle.env, 0, 0, 1_000_000),
    hiddenFiles: yesOrNo(env, settings.hiddenFiles.env),
    ...(env[settings.chromium.env] && { chromium: env[settings.chromium.env]! }),
    logLevel: env[settings.logLevel.env] || "info",
  };
}

function yesOrNo(env: NodeJS.ProcessEnv, name: string): boolean {
  const said = env[name] || "no";
  if (said === "yes" || said === "no") return said === "yes";
  throw new RangeError(`Cannot use ${name}: found ${quote(said)}, expected yes or no`);
}

/** The project's folder and its home, for commands that need no server. */
export function readFolders(
  { project, home }: Pick<SettingFlags, "project" | "home"> = {},
  env: NodeJS.ProcessEnv = process.env,
): { readonly project: string; readonly home: string } {
  const folder = resolve(project ?? (env[settings.project.env] || "."));
  const named = home ?? (env[settings.home.env] || undefined);
  return { project: folder, home: named ? fromFolder(folder, named) : join(folder, ".cellwright") };
}

/** The browser that prints, where one is named. */
export function readChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[settings.chromium.env] || undefined;
}

/** Where prebuilt extensions of Lab lie. */
export function readLabExtensionsFolder(
  { project, home }: { readonly project: string; readonly home: string },
  env: NodeJS.ProcessEnv = process.env,
): string {
  const named = env[settings.labExtensions.env];
  return named ? fromFolder(project, named) : join(home, "labextensions");
}

/** Where commands look for a server before they ask the home: the environment's URL and token. */
export function addressInEnvironment(env: NodeJS.ProcessEnv = process.env): {
  readonly url?: string;
  readonly token?: string;
} {
  const url = env[settings.url.env];
  const token = env[settings.token.env];
  return { ...(url && { url }), ...(token && { token }) };
}

/** The environment a child process starts with: the server's own without what is Cellwright's, for it may hold secrets. */
export function environmentForChildren(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(CELLWRIGHT_|MLFLOW_TRACKING_)/.test(name)));
}

/** What a process of the user's notebooks starts with: as every child, and the tables are where the server's user has put them. */
export function environmentForJobs(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const warehouse = env[settings.warehouse.env];
  return { ...environmentForChildren(env), ...(warehouse && { [settings.warehouse.env]: warehouse }) };
}

function databaseOf(named: string | undefined, project: string, home: string): string {
  if (!named) return join(home, "cellwright.db");
  return /^postgres(ql)?:\/\//.test(named) ? named : fromFolder(project, named);
}

function fromFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function portsOf(named: string | undefined, host: string): PortRange | undefined {
  if (!named) return /^(localhost|127\.[\d.]+|::1)$/i.test(host) ? undefined : { first: 0, last: 0 };
  if (named === "any") return { first: 0, last: 0 };
  const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/.exec(named) ?? [];
  if (Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535) {
    return { first: Number(first), last: Number(last) };
  }
  throw new RangeError(
    `Cannot use ${settings.appPorts.env}: found ${quote(named)}, expected ports like 9000-9099, or any`,
  );
}

function numberFrom(env: NodeJS.ProcessEnv, name: string, otherwise: number, min: number, max: number): number {
  return env[name] ? numberIn(name, env[name], min, max) : otherwise;
}

function numberIn(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  throw new RangeError(`Cannot use ${name}: found ${quote(text)}, expected a number from ${min} to ${max}`);
}

function requireToken(token: string): string {
  if (/^[\x21-\x7e]{8,200}$/.test(token)) return token;
  throw new RangeError(
    "Cannot use the token: found one with spaces or a length outside 8 to 200, expected plain characters",
  );
}
