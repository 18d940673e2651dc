// Applications from a notebook or a script: programs of the project that the server runs on an origin of their own.
import type { Application, ApplicationChange, NewApplication } from "../contract/application.ts";
import type { Page } from "../contract/model.ts";
import { requestJson, ServerError } from "../core/request-json.ts";
import type { ServerAddress } from "../core/settings.ts";
import { requireServer } from "./find-server.ts";

/**
 * Creates an application, or gives the one of this name what is said here, and starts it; resolves when it answers. One that runs
 * is restarted, so that it is the program as it is now.
 *
 * @throws Error no server runs
 * @throws ServerError there is no such file, or the program fails to start: the message says why
 */
export async function createApplication(application: NewApplication): Promise<Application> {
  const { name, ...rest } = application;
  const server = await requireServer(`create application ${name}`);
  if (!(await find(server, name))) {
    return requireRunning(await requestJson<Application>(server, "POST", "/api/v2/applications?wait=1", application));
  }
  const changes: ApplicationChange = {
    description: "",
    environment: {},
    memoryMb: 512,
    bypassAuthentication: false,
    ...rest,
  };
  await requestJson<Application>(server, "PATCH", pathOf(name), changes);
  return requireRunning(await act(server, name, "restart"));
}

/** @throws ServerError there is none of this name */
export async function getApplication(name: string): Promise<Application> {
  return requestJson<Application>(await requireServer(`find application ${name}`), "GET", pathOf(name));
}

/** All of them, by name. */
export async function listApplications(): Promise<Application[]> {
  const server = await requireServer("list applications");
  const found: Application[] = [];
  for (let token: string | undefined = ""; token !== undefined; ) {
    const query: string = `page_size=1000${token && `&page_token=${token}`}`;
    const page: Page<Application> = await requestJson(server, "GET", `/api/v2/applications?${query}`);
    found.push(...page.items);
    token = page.next_page_token;
  }
  return found;
}

/** Resolves when it answers. @throws ServerError it fails to start */
export async function startApplication(name: string): Promise<Application> {
  return requireRunning(await act(await requireServer(`start application ${name}`), name, "start"));
}

/** Resolves when its process has ended; it stays stopped over restarts of the server. */
export async function stopApplication(name: string): Promise<Application> {
  return act(await requireServer(`stop application ${name}`), name, "stop");
}

/** Resolves when it answers. @throws ServerError it fails to start */
export async function restartApplication(name: string): Promise<Application> {
  return requireRunning(await act(await requireServer(`restart application ${name}`), name, "restart"));
}

/** Ends it and takes its log away; its program stays where it is. */
export async function deleteApplication(name: string): Promise<void> {
  await requestJson(await requireServer(`delete application ${name}`), "DELETE", pathOf(name));
}

async function find(server: ServerAddress, name: string): Promise<Application | undefined> {
  try {
    return await requestJson<Application>(server, "GET", pathOf(name));
  } catch (error) {
    if (error instanceof ServerError && error.status === 404) return undefined;
    throw error;
  }
}

function act(server: ServerAddress, name: string, what: "start" | "stop" | "restart"): Promise<Application> {
  return requestJson<Application>(server, "POST", `${pathOf(name)}/${what}?wait=1`);
}

function requireRunning(application: Application): Application {
  if (application.status === "running") return application;
  const { name, status, problem } = application;
  throw new ServerError(`Cannot start application ${name}: found it ${status}, ${problem}`, 503, "not_ready");
}

function pathOf(name: string): string {
  return `/api/v2/applications/${encodeURIComponent(name)}`;
}
