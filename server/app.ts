// The one place of the server that knows every room: opens the database, hands each room its parts, listens, and takes it all
// down again in order.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Model, Page } from "../lib/contract/model.ts";
import { applicationAccess } from "./application-access.ts";
import { type Applications, openApplications } from "./applications/applications.ts";
import { isLoopback } from "./auth/foreign-requests.ts";
import { notebookScopes, type Scope } from "./auth/principal.ts";
import type { RouteRule } from "./auth/route-rules.ts";
import { type AuthService, createAuthService, owner } from "./auth/service.ts";
import { rotateStartToken, startToken } from "./auth/start-token.ts";
import { upgradeGuard } from "./auth/upgrade-guard.ts";
import { openBuilds } from "./builds/builds.ts";
import { readReference } from "./builds/read-reference.ts";
import { type ChildEnvironments, childEnvironments } from "./child-environments.ts";
import { closeAll } from "./close-all.ts";
import { openDeployments } from "./deployments/deployments.ts";
import { lockHome } from "./home-lock.ts";
import { type Jobs, openJobs } from "./jobs/jobs.ts";
import { type Jupyter, openJupyter } from "./jupyter/jupyter.ts";
import { listen } from "./listen.ts";
import { createLog, type Log, openBoundedFile } from "./log.ts";
import { createRetention } from "./monitoring/retention.ts";
import { createRetentionStore } from "./monitoring/retention-store.ts";
import { createMonitoringService } from "./monitoring/service.ts";
import { plotlyScript } from "./plotly-script.ts";
import { createHttpServer, hostRulesOf } from "./serve-http.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";
import { environmentForChildren, environmentForJobs, type ServerSettings } from "./settings.ts";
import { builtModule } from "./storage/built-module.ts";
import { type Database, openDatabase } from "./storage/database.ts";
import { version } from "./version.ts";

export interface RunningServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly home: string;
  readonly project: string;
  /** No model had been made here when the server started. */
  readonly wasEmpty: boolean;
  /** Every route of Express with what it needs. */
  readonly rules: readonly RouteRule[];
  /** Every deployment that should run answers, or has failed to start once. Applications come up by themselves. */
  readonly settled: Promise<void>;
  readonly jobs: Jobs;
  /** As its owner sees them: the first hundred, by name. */
  listModels(): Promise<Page<Model>>;
  /** A key for a process of ours that opens what it needs and no more; the token never leaves the owner. */
  issueKey(subject: string, scopes?: readonly Scope[]): Promise<{ readonly key: string; revoke(): Promise<void> }>;
  /** Answers what it has, then ends every process and closes the files. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const stopWithinMs = 10_000;
/** For replicas to end once nobody waits for an answer any more. */
const afterCallsMs = 2000;

/**
 * Starts the server of a home.
 *
 * @throws HomeInUseError another server has the home; Error the given port is taken
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { home, project, host, limits } = settings;
  const closers: (() => unknown)[] = [];
  try {
    closers.push(lockHome(home));
    const buildsFolder = join(home, "builds");
    const log = openLog(settings, closers);
    const database = await openDatabase({ url: settings.database, transactionModules });
    closers.push(() => database.close());
    const auth = openAuth(settings, database, () => tellWhere());
    const children = childEnvironments(auth, { url: () => url, home, project });
    const monitoring = createMonitoringService({
      database,
      referenceOf: (id) => readReference(join(buildsFolder, id)),
      clock: Date.now,
    });
    closers.push(() => monitoring.close());
    const retention = createRetention({
      store: createRetentionStore(database),
      limits: settings.retention,
      clock: Date.now,
      onError: (error) => log.error({ err: error }, "old predictions could not be removed"),
    });
    retention.start();
    closers.push(() => retention.close());
    const builds = await openBuilds({
      database,
      builds: buildsFolder,
      blobs: join(home, "artifacts", "blobs"),
      project,
      replicaEntry,
      env: { ...environmentForChildren(), CELLWRIGHT_HOME: home, CELLWRIGHT_PROJECT: project },
      clock: Date.now,
    });
    const deployments = openDeployments({
      database,
      builds: buildsFolder,
      logs: join(home, "logs"),
      replicaEntry,
      limits,
      environmentFor: (row) => children.replica(row.id),
      onChange: (id) => void deployments.service.getDeployment(owner, id).then(monitoring.deploymentChanged, () => {}),
      clock: Date.now,
      log,
    });
    closers.push(() => deployments.reconciler.close(afterCallsMs));
    const jobs = openJobs({
      database,
      project,
      home,
      limits: settings.jobs,
      bin,
      watcher,
      env: environmentForJobs(),
      url: () => url,
      issueKey: children.jobKey,
      clock: Date.now,
      log,
    });
    const applications = openApplicationsOf({ settings, database, auth, children, log, url: () => url });
    const jupyter = openJupyterOf({ settings, auth, children, log });
    const rooms = { monitoring, builds, deployments, jobs, applications, jupyter };
    const { http, rules } = createHttpServer({ settings, web: webFolder, auth, log, ...rooms, url: () => url });
    const port = await listen(http.server, host, settings.port);
    closers.push(() => http.close(stopWithinMs));
    closers.push(() => applications.close());
    closers.push(() => jupyter.close());
    const url = urlOf(host, port);
    const tellWhere = (): void => writeServerFile(home, { url, token: auth.startToken(), pid: process.pid, version });
    const wasEmpty = !(await deployments.service.hasModels());
    await deployments.reconciler.readRoutes();
    await applications.service.resume();
    tellWhere();
    closers.push(() => removeServerFile(home));
    log.info({ home, project, port, version }, "started");
    const settled = deployments.reconciler.allSettled();
    closers.push(() => jobs.scheduler.close());
    jobs.scheduler.wake();
    let stopped: Promise<void> | undefined;
    return {
      url,
      home,
      project,
      wasEmpty,
      rules,
      settled,
      jobs,
      listModels: () => deployments.service.listModels(owner),
      get token() {
        return auth.startToken();
      },
      async issueKey(subject, scopes = notebookScopes) {
        const { id, key } = await auth.issueKey(owner, { subject, scopes, validMs: dayMs });
        return { key, revoke: () => auth.revokeKey(id) };
      },
      stop: () => (stopped ??= closeAll(closers)),
    };
  } catch (error) {
    await closeAll(closers).catch(() => {}); // what went wrong first is told
    throw error;
  }
}

/** Where a process on this machine reaches us. */
function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const here = (path: string): URL => new URL(path, import.meta.url);
const transactionModules = ["applications", "auth", "builds", "deployments", "jobs", "monitoring"].map((room) =>
  here(`./${room}/transactions.ts`),
);
const replicaEntry = fileURLToPath(builtModule(here("./deployments/replica.ts")));
const bin = fileURLToPath(builtModule(here("./cli/bin.ts")));
const watcher = fileURLToPath(builtModule(here("./jobs/end-with-server.ts")));
const preload = builtModule(here("./applications/preload.ts")).href;
const builtFolder = (name: string): string =>
  fileURLToPath(here(import.meta.url.endsWith(".ts") ? `../dist/${name}` : `../${name}`));
const webFolder = builtFolder("web");
const labFolder = builtFolder("lab");

/** Each way to the disk costs a call nearly as much as its answer. */
const logTogetherMs = 25;

function openLog({ home, logLevel }: ServerSettings, closers: (() => unknown)[]): Log {
  const file = openBoundedFile(join(home, "logs", "server.log"), { gatherMs: logTogetherMs });
  closers.push(() => file.close());
  return createLog({ level: logLevel, file });
}

function openAuth(settings: ServerSettings, database: Database, onRotate: () => void): AuthService {
  const { home } = settings;
  return createAuthService({
    database,
    startToken: settings.token ?? startToken(home),
    rotateToken: () => rotateStartToken(home),
    onRotate,
    clock: Date.now,
  });
}

interface ApplicationsOf {
  readonly settings: ServerSettings;
  readonly database: Database;
  readonly auth: AuthService;
  readonly children: ChildEnvironments;
  readonly log: Log;
  readonly url: () => string;
}

function openApplicationsOf({ settings, database, auth, children, log, url }: ApplicationsOf): Applications {
  const { home, project, host, appPorts } = settings;
  return openApplications({
    database,
    project,
    bundles: join(home, "applications"),
    logs: join(home, "logs"),
    preload,
    host,
    ...(appPorts && { ports: appPorts }),
    serverUrl: url,
    isLoopback,
    access: applicationAccess(auth, hostRulesOf(settings)),
    environmentFor: children.application,
    clock: Date.now,
    log,
  });
}

function openJupyterOf({
  settings,
  auth,
  children,
  log,
}: Pick<ApplicationsOf, "settings" | "auth" | "children" | "log">): Jupyter {
  const { project, home, kernelIdleMs } = settings;
  return openJupyter({
    project,
    home,
    lab: labFolder,
    labExtensions: settings.labExtensions,
    environment: children.kernel,
    shellEnvironment: children.shell(),
    guard: upgradeGuard(auth, hostRulesOf(settings), "lab"),
    plotly: plotlyScript,
    ...(settings.chromium && { chromium: settings.chromium }),
    hiddenFiles: settings.hiddenFiles,
    idleMs: kernelIdleMs,
    clock: Date.now,
    onProblem: (problem) => log.warn(problem),
  });
}
