// Applications: the rules. Knows no HTTP and no SQL; keeping a program running is the supervisor's.

import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type {
  Application,
  ApplicationEvent,
  applicationChange,
  newApplication,
} from "../../lib/contract/application.ts";
import type { Page } from "../../lib/contract/model.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { AlreadyExistsError, BadRequestError, NotFoundError } from "../errors.ts";
import type { ApplicationTable } from "../storage/tables.ts";
import type { LogPart } from "./application-log.ts";
import { changedColumns, columnsOf, requireProgram, runsDifferently } from "./program.ts";
import { type ApplicationState, shownApplication } from "./shown-application.ts";
import type { ApplicationStore } from "./store.ts";
import type { Supervisor } from "./supervisor.ts";
import type { ApplicationUpdate } from "./transactions.ts";

export interface ApplicationServiceParts {
  readonly store: ApplicationStore;
  readonly project: string;
  /** Starts a program and keeps it running. */
  readonly supervise: (row: ApplicationTable, on: SupervisionEvents) => Supervisor;
  /** Its own origin. */
  readonly urlOf: (name: string) => string;
  readonly readLog: (id: string, from: number) => Promise<LogPart>;
  /** What it had on disk. */
  readonly removeTraces: (row: ApplicationTable) => Promise<void>;
  readonly clock: () => number;
}

export interface SupervisionEvents {
  readonly onChange: () => void;
  readonly onGiveUp: (problem: string) => Promise<void>;
  readonly onLogged: () => void;
}

export interface PageQuery {
  /** Default 100. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** What the proxy needs to know. */
export interface ReachableApplication {
  readonly id: string;
  readonly name: string;
  readonly status: Application["status"];
  readonly problem: string;
  readonly port?: number;
  readonly bypassAuthentication: boolean;
}

export interface ApplicationService {
  /** Starts it too. @throws AlreadyExistsError the name is taken; BadRequestError there is no such program */
  create(by: Principal, application: z.output<typeof newApplication>): Promise<Application>;
  get(by: Principal, name: string): Promise<Application>;
  list(by: Principal, page?: PageQuery): Promise<Page<Application>>;
  /** Restarts it when what it runs with has changed. */
  change(by: Principal, name: string, changes: z.output<typeof applicationChange>): Promise<Application>;
  delete(by: Principal, name: string): Promise<void>;
  start(by: Principal, name: string): Promise<Application>;
  stop(by: Principal, name: string): Promise<Application>;
  restart(by: Principal, name: string): Promise<Application>;
  /** The application once it runs, is given up or stopped. */
  whenSettled(by: Principal, name: string): Promise<Application>;
  readLog(by: Principal, name: string, from: number): Promise<LogPart>;
  /** @returns ends the subscription */
  subscribe(by: Principal, listener: (event: ApplicationEvent) => void): () => void;
  /** Of any project: a name is a host name. */
  reach(name: string): ReachableApplication | undefined;
  /** Starts all that ran when the server stopped. */
  resume(): Promise<void>;
  /** Ends all processes; what is wanted stays wanted. */
  close(): Promise<void>;
}

export function createApplicationService(parts: ApplicationServiceParts): ApplicationService {
  const { store, project, urlOf, clock } = parts;
  const rows = new Map<string, ApplicationTable>(); // by name: what the store says
  const supervisors = new Map<string, Supervisor>(); // by id
  const queues = new Map<string, Promise<unknown>>(); // by id
  const listeners = new Set<{ readonly project: string; tell(event: ApplicationEvent): void }>();
  let closed = false;

  async function create(by: Principal, wanted: z.output<typeof newApplication>): Promise<Application> {
    if (wanted.name === "events") throw new BadRequestError(`Cannot name an application "events": the name is taken`);
    requireProgram(project, wanted.file);
    const id = randomUUID();
    const now = clock();
    const row: ApplicationTable = {
      id,
      crn: `crn:cellwright:ml:::workspace:${by.project}/application/${id}`,
      name: wanted.name,
      ...columnsOf(wanted),
      desired: "running",
      problem: "",
      project: by.project,
      created_by: by.id,
      created_at: now,
      updated_at: now,
    };
    if (!(await store.insert(row))) {
      throw new AlreadyExistsError(
        `Cannot create application ${quote(wanted.name)}: found one with this name, expected a new name`,
      );
    }
    rows.set(row.name, row);
    run(row);
    tell(row);
    return shown(row);
  }

  function rowOf(by: Principal, name: string): ApplicationTable {
    const row = rows.get(name);
    if (row?.project === by.project) return row;
    throw new NotFoundError(`Cannot find application ${quote(name)}: the project ${by.project} has none of this name`);
  }

  async function change(
    by: Principal,
    name: string,
    changes: z.output<typeof applicationChange>,
  ): Promise<Application> {
    const { id } = rowOf(by, name);
    if (changes.file !== undefined) requireProgram(project, changes.file);
    return oneByOne(id, async () => {
      const before = rowOf(by, name);
      const after = await keep(before, changedColumns(changes, before));
      if (before.desired === "running" && runsDifferently(before, after)) {
        await end(id);
        run(after);
      }
      return tell(after);
    });
  }

  /** One thing at a time with each application. */
  function oneByOne<T>(id: string, act: () => Promise<T>): Promise<T> {
    const mine = (queues.get(id) ?? Promise.resolve()).catch(() => {}).then(act);
    queues.set(id, mine);
    return mine;
  }

  async function keep(row: ApplicationTable, changes: Partial<ApplicationUpdate>): Promise<ApplicationTable> {
    const update = { ...changes, id: row.id, updated_at: clock() };
    await store.update(update);
    const kept = { ...(rows.get(row.name) ?? row), ...update };
    rows.set(row.name, kept);
    return kept;
  }

  function run(row: ApplicationTable): void {
    if (closed) return;
    const supervisor = parts.supervise(row, {
      onChange: () => supervisors.get(row.id) === supervisor && tell(rows.get(row.name) ?? row),
      onLogged: () => send(row.project, { type: "logged", name: row.name }),
      onGiveUp: async (problem) => void (await keep(row, { desired: "stopped", problem })),
    });
    supervisors.set(row.id, supervisor);
  }

  async function end(id: string): Promise<void> {
    await supervisors.get(id)?.stop();
    supervisors.delete(id);
  }

  function start(by: Principal, name: string): Promise<Application> {
    return oneByOne(rowOf(by, name).id, async () => {
      const row = rowOf(by, name);
      return row.desired === "running" ? shown(row) : runAgain(row);
    });
  }

  async function runAgain(row: ApplicationTable): Promise<Application> {
    requireProgram(project, row.file);
    await end(row.id); // also one that was given up
    const kept = await keep(row, { desired: "running", problem: "" });
    run(kept);
    return tell(kept);
  }

  function stop(by: Principal, name: string): Promise<Application> {
    return oneByOne(rowOf(by, name).id, async () => {
      const kept = await keep(rowOf(by, name), { desired: "stopped", problem: "" });
      await end(kept.id);
      return tell(kept);
    });
  }

  function restart(by: Principal, name: string): Promise<Application> {
    return oneByOne(rowOf(by, name).id, () => runAgain(rowOf(by, name)));
  }

  async function remove(by: Principal, name: string): Promise<void> {
    await oneByOne(rowOf(by, name).id, async () => {
      const row = rowOf(by, name);
      await end(row.id);
      await store.delete(row.id);
      rows.delete(name);
      queues.delete(row.id);
      await parts.removeTraces(row);
      send(row.project, { type: "removed", name });
    });
  }

  async function whenSettled(by: Principal, name: string): Promise<Application> {
    await supervisors.get(rowOf(by, name).id)?.settled();
    return shown(rowOf(by, name));
  }

  async function list(by: Principal, page: PageQuery = {}): Promise<Page<Application>> {
    const limit = page.pageSize ?? 100;
    const found = await store.list(by.project, { after: readToken(page.pageToken), limit: limit + 1 });
    const items = found.slice(0, limit).map(shown);
    const last = found.length > limit ? items.at(-1) : undefined;
    return { items, ...(last && { next_page_token: Buffer.from(last.name).toString("base64url") }) };
  }

  function tell(row: ApplicationTable): Application {
    const application = shown(row);
    send(row.project, { type: "application", application });
    return application;
  }

  function send(project: string, event: ApplicationEvent): void {
    for (const listener of listeners) if (listener.project === project) listener.tell(event);
  }

  function stateOf(row: ApplicationTable): ApplicationState {
    const supervisor = supervisors.get(row.id);
    if (supervisor) return supervisor.state();
    const { problem } = row;
    return { status: problem === "" ? "stopped" : "failed", problem, restarts: 0 };
  }

  const shown = (row: ApplicationTable): Application => shownApplication(row, stateOf(row), urlOf(row.name));

  return {
    create,
    get: async (by, name) => shown(rowOf(by, name)),
    list,
    change,
    delete: remove,
    start,
    stop,
    restart,
    whenSettled,
    readLog: async (by, name, from) => parts.readLog(rowOf(by, name).id, from),
    subscribe(by, tell) {
      const listener = { project: by.project, tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reach(name) {
      const row = rows.get(name);
      if (!row) return undefined;
      const { status, problem, port } = stateOf(row);
      const bypassAuthentication = row.bypass_authentication === 1;
      return { id: row.id, name, status, problem, bypassAuthentication, ...(port !== undefined && { port }) };
    },
    async resume() {
      for (const row of await store.all()) {
        rows.set(row.name, row);
        if (row.desired === "running") run(row);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...queues.values()].map((queue) => queue.catch(() => {})));
      await Promise.all([...supervisors.values()].map((its) => its.stop()));
    },
  };
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (/^[\w-]+$/.test(token)) return Buffer.from(token, "base64url").toString("utf8");
  throw new BadRequestError("Cannot read the page token: expected the next_page_token of the page before");
}
