// The kernels that the browsers have started: by id, each with a key of its own to the platform; ended with the server, and, where
// the owner wishes it, when nobody has used them for a while.
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { LocalKernelspec } from "../../../kernel/client/kernelspecs.ts";
import { quote } from "../../../lib/core/check.ts";
import { AlreadyExistsError, NotFoundError } from "../../errors.ts";
import { type Places, partsOf } from "../contents/places.ts";
import { type KernelActionEvent, tellHow } from "./actions.ts";
import { type Kernel, startKernel } from "./kernel.ts";
import { defaultKernel, type Kernelspecs } from "./kernelspecs.ts";

/** What a kernel's process is told by its environment; `release` when it has ended. */
export type KernelEnvironment = (id: string) => Promise<{ readonly env: NodeJS.ProcessEnv; release(): Promise<void> }>;

export interface Kernels {
  /**
   * @param path of the notebook it is for, or of a folder; its working directory goes by it
   * @param id the client's wish, a UUID. Default: a new one
   * @throws AlreadyExistsError one of this id runs or starts
   */
  start(name: string | undefined, path: string, id?: string): Promise<Kernel>;
  all(): readonly Kernel[];
  has(id: string): boolean;
  /** @throws NotFoundError there is none of this id */
  find(id: string): Kernel;
  shutDown(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface KernelsParts {
  readonly places: Places;
  readonly specs: Kernelspecs;
  readonly environment: KernelEnvironment;
  /** After so long without a listener and work a kernel is ended. 0: never. */
  readonly idleMs: number;
  readonly clock: () => number;
  /** Told of each start, interrupt, restart and end. */
  readonly onAction: (event: KernelActionEvent) => void;
}

const lookEveryMs = 10_000;

export function createKernels({ places, specs, environment, idleMs, clock, onAction }: KernelsParts): Kernels {
  const kernels = new Map<string, { readonly kernel: Kernel; release(): Promise<void> }>();
  const starting = new Set<string>();
  const cull = idleMs > 0 ? setInterval(endIdle, Math.min(lookEveryMs, idleMs)).unref() : undefined;

  async function start(name: string = defaultKernel, path: string, id: string = randomUUID()): Promise<Kernel> {
    const spec = specs.find(name);
    if (kernels.has(id) || starting.has(id))
      throw new AlreadyExistsError(
        `Cannot start kernel ${quote(id)}: found one that runs, expected an id of no kernel`,
      );
    starting.add(id);
    return startAs(id, spec, path).finally(() => starting.delete(id));
  }

  async function startAs(id: string, spec: LocalKernelspec, path: string): Promise<Kernel> {
    const cwd = spec.cwd === "project" ? places.root : await folderFor(path);
    const { env, release } = await environment(id);
    try {
      const kernel = await tellHow({ id, name: spec.name, onAction }, "start", () =>
        startKernel({ id, spec, cwd, env, clock, onAction }),
      );
      kernels.set(id, { kernel, release });
      return kernel;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** The notebook's folder; the nearest there is when it has none yet. */
  async function folderFor(path: string): Promise<string> {
    for (let place = places.placeOf(partsOf(path)); place !== places.root; place = dirname(place))
      if ((await stat(place).catch(() => undefined))?.isDirectory()) return place;
    return places.root;
  }

  function find(id: string): Kernel {
    const found = kernels.get(id);
    if (found) return found.kernel;
    throw new NotFoundError(`Cannot find kernel ${quote(id)}: expected one that runs`);
  }

  async function shutDown(id: string): Promise<void> {
    const kernel = find(id);
    const { release } = kernels.get(id)!;
    kernels.delete(id);
    await kernel.shutDown();
    await release();
  }

  function endIdle(): void {
    for (const { kernel } of kernels.values()) {
      const { execution_state: state, connections, id } = kernel.model();
      const isUnused =
        connections === 0 && !["starting", "busy"].includes(state) && clock() - kernel.lastActivity > idleMs;
      if (isUnused) void shutDown(id).catch(() => {}); // somebody else ends it
    }
  }

  return {
    start,
    all: () => [...kernels.values()].map(({ kernel }) => kernel),
    has: (id) => kernels.has(id),
    find,
    shutDown,
    async close() {
      clearInterval(cull);
      await Promise.all([...kernels.keys()].map(shutDown));
    },
  };
}
