// The shells that browsers have opened: by name, each with the end of what it has written, so that a page that comes again sees
// where it was. They end with the server.
import { quote } from "../../../lib/core/check.ts";
import { BadRequestError, NotFoundError } from "../../errors.ts";
import { type Places, partsOf } from "../contents/places.ts";
import { openPseudoTerminal, type PseudoTerminal } from "./pseudo-terminal.ts";

/** Keys as the API names them. */
export interface TerminalModel {
  readonly name: string;
  readonly last_activity: string;
}

export interface TerminalListener {
  write(text: string): void;
  /** The shell has ended. */
  end(): void;
}

export interface Terminal {
  readonly name: string;
  model(): TerminalModel;
  /** What was written so far goes to the listener first. @returns what takes it off again */
  listen(listener: TerminalListener): () => void;
  type(text: string): void;
  resize(columns: number, rows: number): void;
}

export interface Terminals {
  /** @param cwd a folder of the project. Default its root */
  start(options?: { readonly name?: string | undefined; readonly cwd?: string | undefined }): Terminal;
  all(): readonly Terminal[];
  /** @throws NotFoundError there is none of this name */
  find(name: string): Terminal;
  close(name: string): Promise<void>;
  closeAll(): Promise<void>;
}

export interface TerminalsParts {
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: () => number;
}

interface Running {
  readonly terminal: Terminal;
  end(): Promise<void>;
}

const most = 50;
const keptCharacters = 200_000;
const endWithinMs = 2000;

export function createTerminals({ places, env, clock }: TerminalsParts): Terminals {
  const running = new Map<string, Running>();

  function start({ name = freeName(), cwd = "" }: { name?: string | undefined; cwd?: string | undefined } = {}) {
    const known = running.get(name);
    if (known) return known.terminal;
    if (running.size >= most)
      throw new BadRequestError(`Cannot open a terminal: found ${most} open, expected one of them to be closed first`);
    const started = run(name, openPseudoTerminal({ cwd: places.placeOf(partsOf(cwd)), env }), clock);
    running.set(name, started);
    void started.ended.then(() => running.delete(name));
    return started.terminal;
  }

  function freeName(): string {
    for (let number = 1; ; number++) if (!running.has(String(number))) return String(number);
  }

  function requireOpen(name: string): Running {
    const found = running.get(name);
    if (found) return found;
    throw new NotFoundError(`Cannot find terminal ${quote(name)}: expected one that is open`);
  }

  return {
    start,
    all: () => [...running.values()].map(({ terminal }) => terminal),
    find: (name) => requireOpen(name).terminal,
    close: (name) => requireOpen(name).end(),
    closeAll: async () => void (await Promise.all([...running.values()].map(({ end }) => end()))),
  };
}

function run(name: string, shell: PseudoTerminal, clock: () => number): Running & { readonly ended: Promise<void> } {
  const listeners = new Set<TerminalListener>();
  let written = "";
  let lastActivity = clock();
  const ended = new Promise<void>((resolve) => shell.onExit(() => resolve()));
  shell.onData((text) => {
    lastActivity = clock();
    written = (written + text).slice(-keptCharacters);
    for (const listener of listeners) listener.write(text);
  });
  void ended.then(() => {
    for (const listener of listeners) listener.end();
  });

  async function end(): Promise<void> {
    shell.kill("SIGHUP");
    const late = setTimeout(() => shell.kill("SIGKILL"), endWithinMs);
    await ended;
    clearTimeout(late);
  }

  const terminal: Terminal = {
    name,
    model: () => ({ name, last_activity: new Date(lastActivity).toISOString() }),
    listen(listener) {
      if (written) listener.write(written);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    type(text) {
      lastActivity = clock();
      shell.write(text);
    },
    resize: (columns, rows) => shell.resize(columns, rows),
  };
  return { terminal, ended, end };
}
