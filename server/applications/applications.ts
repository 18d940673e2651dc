// The room put together: store, service, proxy, ports, and how an application's process is started.
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { bundleProgram } from "../bundle-program.ts";
import { BadRequestError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { PortRange } from "../settings.ts";
import type { Database } from "../storage/database.ts";
import type { ApplicationTable } from "../storage/tables.ts";
import { openApplicationLog, readLog, removeLog } from "./application-log.ts";
import { freePort, startProcess } from "./application-process.ts";
import { createOwnPorts } from "./own-ports.ts";
import { type ApplicationAccess, createApplicationProxy, ticketParameter } from "./proxy.ts";
import { defaultRestarts, type RestartRules } from "./restarts.ts";
import { type ApplicationService, createApplicationService, type SupervisionEvents } from "./service.ts";
import { createApplicationStore } from "./store.ts";
import { type Launched, type Supervisor, supervise } from "./supervisor.ts";
import { createTickets } from "./tickets.ts";

export interface ApplicationsParts {
  readonly database: Database;
  readonly project: string;
  /** Folder of the bundles, by application. */
  readonly bundles: string;
  readonly logs: string;
  /** The compiled preload.ts. */
  readonly preload: string;
  /** The environment of every child, what this one reaches the server with, and how its key is taken back. */
  readonly environmentFor: (id: string) => Promise<ApplicationEnvironment>;
  readonly access: ApplicationAccess;
  /** The server's own URL. */
  readonly serverUrl: () => string;
  readonly isLoopback: (host: string) => boolean;
  /** What own ports listen on. */
  readonly host: string;
  /** Absent: applications answer by name alone. */
  readonly ports?: PortRange;
  readonly restarts?: RestartRules;
  readonly clock: () => number;
  readonly log: Log;
}

export interface ApplicationEnvironment {
  readonly inherited: NodeJS.ProcessEnv;
  readonly ours: NodeJS.ProcessEnv;
  release(): Promise<void>;
}

export interface Applications {
  readonly service: ApplicationService;
  entrance(application: { readonly id: string; readonly name: string }, host: string, path: string): string;
  handle(name: string, req: IncomingMessage, res: ServerResponse): void;
  upgrade(name: string, req: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export function openApplications(parts: ApplicationsParts): Applications {
  const { clock, log, isLoopback, serverUrl } = parts;
  const tickets = createTickets(clock);
  const service: ApplicationService = createApplicationService({
    store: createApplicationStore(parts.database),
    project: parts.project,
    supervise: (row, on) => superviseApplication(parts, row, on, () => ownPorts?.open(row.name)),
    urlOf,
    readLog: (id, from) => readLog(logOf(parts, id), from),
    async removeTraces({ id, name }) {
      ownPorts?.close(name);
      await Promise.all([rm(join(parts.bundles, name), { recursive: true, force: true }), removeLog(logOf(parts, id))]);
    },
    clock,
  });
  const proxy = createApplicationProxy({ find: service.reach, tickets, access: parts.access, serverUrl, log });
  const handle: Applications["handle"] = (name, req, res) => void proxy.handle(name, req, res);
  const upgrade: Applications["upgrade"] = (name, req, socket, head) => void proxy.upgrade(name, req, socket, head);
  const ownPorts = parts.ports && createOwnPorts({ host: parts.host, range: parts.ports, handle, upgrade });

  function urlOf(name: string): string {
    const { hostname, port } = new URL(serverUrl());
    const own = ownPorts?.portOf(name);
    return own === undefined ? `http://${name}.localhost:${port}` : `http://${hostname}:${own}`;
  }

  /** By its own port where it has one and the browser is elsewhere; by name on this machine. */
  function originFor(name: string, host: string): string {
    const { hostname, port } = new URL(`http://${host}`);
    const own = ownPorts?.portOf(name);
    if (own !== undefined) return `http://${hostname}:${own}`;
    if (isLoopback(host)) return `http://${name}.localhost${port && `:${port}`}`;
    throw new BadRequestError(
      `Cannot open ${name} under ${hostname}: expected localhost, or CELLWRIGHT_APP_PORTS to give applications ports`,
    );
  }

  return {
    service,
    handle,
    upgrade,
    entrance({ id, name }, host, path) {
      const origin = originFor(name, host);
      const url = new URL(origin + (/^\/(?![/\\])/.test(path) ? path : "/"));
      url.searchParams.set(ticketParameter, tickets.issue(id));
      return url.href;
    },
    async close() {
      await service.close();
      ownPorts?.closeAll();
      proxy.close();
    },
  };
}

function superviseApplication(
  parts: ApplicationsParts,
  row: ApplicationTable,
  on: SupervisionEvents,
  openPort: () => Promise<number> | undefined,
): Supervisor {
  const { project, preload, log: serverLog } = parts;
  const log = openApplicationLog(logOf(parts, row.id), { onGrown: on.onLogged });

  async function launch(): Promise<Launched> {
    await openPort();
    const program = await bundleProgram(resolve(project, row.file), join(parts.bundles, row.name, "program.mjs")).catch(
      async (error) => {
        await log.note(String(error.message));
        throw error;
      },
    );
    const { inherited, ours, release } = await parts.environmentFor(row.id);
    const own = JSON.parse(row.environment) as Record<string, string>;
    const env = { ...inherited, NODE_ENV: "production", ...own, ...ours };
    const port = await freePort();
    const process = startProcess({ program, preload, port, cwd: project, env, memoryMb: row.memory_mb, log });
    serverLog.info({ application: row.name, pid: process.pid, port }, "application started");
    return { process, port, release };
  }

  const supervisor = supervise({
    launch,
    restarts: parts.restarts ?? defaultRestarts,
    clock: parts.clock,
    onChange: on.onChange,
    async onGiveUp(problem) {
      await log.note(`given up: ${problem}`);
      await on.onGiveUp(problem);
    },
  });
  return {
    ...supervisor,
    async stop() {
      await supervisor.stop();
      await log.close();
    },
  };
}

function logOf({ logs }: ApplicationsParts, id: string): string {
  return join(logs, `application-${id}.log`);
}
