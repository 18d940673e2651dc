// Which document has which kernel. A session lives as long as its kernel.
import { randomUUID } from "node:crypto";
import { quote } from "../../../lib/core/check.ts";
import { NotFoundError } from "../../errors.ts";
import type { KernelModel } from "../kernels/kernel.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** Keys as the API names them. */
export interface SessionModel {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernel: KernelModel;
  /** For notebooks, as older clients look for it. */
  readonly notebook?: { readonly path: string; readonly name: string };
}

export interface KernelChoice {
  /** One that runs, before a name of one to start; for a new session also the one that shall be started, a UUID. */
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
}

export interface NewSession {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernel: KernelChoice;
}

export type SessionChange = { readonly [K in keyof NewSession]?: NewSession[K] | null | undefined };

export interface Sessions {
  all(): SessionModel[];
  /** @throws NotFoundError there is none of this id */
  find(id: string): SessionModel;
  /** The session that a document has already, else a new one. */
  open(session: NewSession): Promise<SessionModel>;
  /** Another path, name or kernel; a kernel that is left ends, unless another session has it. */
  change(id: string, change: SessionChange): Promise<SessionModel>;
  /** Ends its kernel too, unless another session has it. */
  close(id: string): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernelId: string;
}

export function createSessions(kernels: Kernels): Sessions {
  const sessions = new Map<string, Session>();
  const opening = new Map<string, Promise<SessionModel>>();

  function all(): SessionModel[] {
    const running = new Set(kernels.all().map(({ id }) => id));
    for (const { id, kernelId } of sessions.values()) if (!running.has(kernelId)) sessions.delete(id);
    return [...sessions.values()].map(modelOf);
  }

  function modelOf({ kernelId, ...session }: Session): SessionModel {
    const { path, name, type } = session;
    const kernel = kernels.find(kernelId).model();
    return { ...session, kernel, ...(type === "notebook" && { notebook: { path, name } }) };
  }

  function find(id: string): SessionModel {
    const found = all().find((session) => session.id === id);
    if (found) return found;
    throw new NotFoundError(`Cannot find session ${quote(id)}: expected one that is open`);
  }

  /** Two windows that open one document at once get one kernel. */
  async function open(asked: NewSession): Promise<SessionModel> {
    const same = all().find(({ path, type }) => path === asked.path && type === asked.type);
    if (same) return same;
    const key = `${asked.type} ${asked.path}`;
    const coming = opening.get(key) ?? make(asked).finally(() => opening.delete(key));
    opening.set(key, coming);
    return coming;
  }

  async function make({ kernel: { id, name }, ...session }: NewSession): Promise<SessionModel> {
    const runs = id && kernels.has(id); // else it is the client's wish for the kernel to come
    const kernelId = runs ? id : (await kernels.start(name ?? undefined, session.path, id || undefined)).id;
    const made = { id: randomUUID(), ...session, kernelId };
    sessions.set(made.id, made);
    return modelOf(made);
  }

  async function kernelFor({ id, name }: KernelChoice, path: string): Promise<string> {
    if (id) return kernels.find(id).id;
    return (await kernels.start(name ?? undefined, path)).id;
  }

  async function change(id: string, { path, name, type, kernel }: SessionChange): Promise<SessionModel> {
    find(id);
    const old = sessions.get(id)!;
    const kernelId = kernel?.id || kernel?.name ? await kernelFor(kernel, path ?? old.path) : old.kernelId;
    const changed = { id, path: path ?? old.path, name: name ?? old.name, type: type ?? old.type, kernelId };
    sessions.set(id, changed);
    if (kernelId !== old.kernelId) await endUnused(old.kernelId);
    return modelOf(changed);
  }

  async function close(id: string): Promise<void> {
    const { kernel } = find(id);
    sessions.delete(id);
    await endUnused(kernel.id);
  }

  async function endUnused(kernelId: string): Promise<void> {
    if ([...sessions.values()].some((session) => session.kernelId === kernelId)) return;
    await kernels.shutDown(kernelId);
  }

  return { all, find, open, change, close };
}
