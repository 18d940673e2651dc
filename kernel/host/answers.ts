// Answers to the requests that run no cell. Cursors come and go in code points, as Jupyter counts them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type CompleteReply,
  type Content,
  type InspectReply,
  type KernelInfoReply,
  protocolVersion,
} from "../protocol/message.ts";
import type { Child } from "./child-process.ts";
import type { History } from "./history.ts";
import { usage } from "./usage.ts";

export interface AnswersParts {
  child(): Child;
  history: History;
  /** Open ones: id → target. */
  comms: ReadonlyMap<string, string>;
}

export type Answers = Readonly<Record<string, (content: Content) => Content | Promise<Content>>>;

export function createAnswers({ child, history, comms }: AnswersParts): Answers {
  return {
    kernel_info_request: () => ({ ...kernelInfo() }),
    comm_info_request: ({ target_name: target }) => ({ status: "ok", comms: openComms(comms, target) }),
    usage_request: () => usage(),
    history_request: (content) => ({ status: "ok", history: history.answer(content) }),
    is_complete_request: async ({ code }) =>
      ((await child().isComplete(textOf(code))) ?? { status: "unknown" }) as Content,
    complete_request: async (content) => ({ ...(await complete(child(), content)) }),
    inspect_request: async (content) => ({ ...(await inspect(child(), content)) }),
  };
}

async function complete(child: Child, { code, cursor_pos: cursor }: Content): Promise<CompleteReply> {
  const text = textOf(code);
  const offset = offsetOf(text, cursor);
  const found = (await child.complete(text, offset)) as { matches: string[]; start: number } | null;
  const { matches, start } = found ?? { matches: [], start: offset };
  return {
    status: "ok",
    matches,
    cursor_start: codePoints(text.slice(0, start)),
    cursor_end: codePoints(text.slice(0, offset)),
    metadata: {},
  };
}

async function inspect(
  child: Child,
  { code, cursor_pos: cursor, detail_level: detail }: Content,
): Promise<InspectReply> {
  const text = textOf(code);
  const found = await child.inspect(text, offsetOf(text, cursor), detail === 1 ? 1 : 0);
  const { text: plain, markdown } = (found ?? {}) as { text?: string; markdown?: string };
  const data = found ? { "text/plain": plain, "text/markdown": markdown } : {};
  return { status: "ok", found: found !== null, data, metadata: {} };
}

function openComms(comms: ReadonlyMap<string, string>, wanted: unknown): Content {
  const found = [...comms].filter(([, target]) => typeof wanted !== "string" || wanted === "" || target === wanted);
  return Object.fromEntries(found.map(([id, target]) => [id, { target_name: target }]));
}

function textOf(code: unknown): string {
  return typeof code === "string" ? code : "";
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function offsetOf(text: string, cursor: unknown): number {
  if (typeof cursor !== "number") return text.length;
  let offset = 0;
  let left = cursor;
  for (const character of text) {
    if (left-- <= 0) break;
    offset += character.length;
  }
  return offset;
}

function kernelInfo(): KernelInfoReply {
  const version = ownVersion();
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "cellwright",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: "6.0",
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `Cellwright ${version}: TypeScript on Node.js ${process.version}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/api/" },
    ],
    supported_features: ["iopub_welcome", "debugger"],
  };
}

function ownVersion(): string {
  const path = createRequire(import.meta.url).resolve("cellwright/package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
