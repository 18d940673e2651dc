// Answers to the requests that run no cell. Cursors come and go in code points, as Jupyter counts them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Checker, TypedCompletion } from "../checker/checker.ts";
import type { NameInfo } from "../checker/describe-name.ts";
import {
  type CompleteReply,
  type Content,
  type InspectReply,
  type KernelInfoReply,
  protocolVersion,
} from "../protocol/message.ts";
import type { Child } from "./child-process.ts";
import type { History } from "./history.ts";
import { typescriptVersion } from "./language.ts";
import { usage } from "./usage.ts";

export interface AnswersParts {
  child(): Child;
  checker: Checker;
  history: History;
  /** Open ones: id → target. */
  comms: ReadonlyMap<string, string>;
}

/** Types that take longer than this are left out of an answer. */
const typesMs = 1000;

export type Answers = Readonly<Record<string, (content: Content) => Content | Promise<Content>>>;

export function createAnswers({ child, checker, history, comms }: AnswersParts): Answers {
  return {
    kernel_info_request: () => ({ ...kernelInfo() }),
    comm_info_request: ({ target_name: target }) => ({ status: "ok", comms: openComms(comms, target) }),
    usage_request: () => usage(),
    history_request: (content) => ({ status: "ok", history: history.answer(content) }),
    is_complete_request: async ({ code }) =>
      ((await child().isComplete(textOf(code))) ?? { status: "unknown" }) as Content,
    complete_request: async (content) => ({ ...(await complete(child(), checker, content)) }),
    inspect_request: async (content) => ({ ...(await inspect(child(), checker, content)) }),
  };
}

interface FoundCompletion {
  readonly matches: string[];
  readonly kinds: Readonly<Record<string, string>>;
  readonly start: number;
}

/** What types know comes first; then what only the values have. */
async function complete(child: Child, checker: Checker, { code, cursor_pos: cursor }: Content): Promise<CompleteReply> {
  const text = textOf(code);
  const offset = offsetOf(text, cursor);
  const [found, typed] = await Promise.all([
    child.complete(text, offset) as Promise<FoundCompletion | null>,
    typesIfReady(checker, checker.complete(text, offset)),
  ]);
  const { matches, kinds: known, start } = found ?? { matches: [], kinds: {}, start: offset };
  const prefix = text.slice(start, offset);
  const kinds = new Map((typed ?? []).map(({ name, kind }: TypedCompletion) => [name, kind]));
  const names = [...kinds.keys()].filter((name) => name.startsWith(prefix) && name !== prefix);
  const all = [...new Set([...names, ...matches])];
  const [from, to] = [codePoints(text.slice(0, start)), codePoints(text.slice(0, offset))];
  return {
    status: "ok",
    matches: all,
    cursor_start: from,
    cursor_end: to,
    metadata: {
      _jupyter_types_experimental: all.map((text) => ({
        start: from,
        end: to,
        text,
        type: kinds.get(text) ?? known[text] ?? "",
      })),
    },
  };
}

/** What is known by its types, then its value. */
async function inspect(
  child: Child,
  checker: Checker,
  { code, cursor_pos: cursor, detail_level: detail }: Content,
): Promise<InspectReply> {
  const text = textOf(code);
  const offset = offsetOf(text, cursor);
  const [value, name] = await Promise.all([
    child.inspect(text, offset, detail === 1 ? 1 : 0) as Promise<{ text: string; markdown: string } | null>,
    typesIfReady(checker, checker.describe(text, offset)),
  ]);
  const plain = [...plainOf(name), value?.text].filter((part) => part !== undefined && part !== "");
  const markdown = [...markdownOf(name), value?.markdown].filter((part) => part !== undefined && part !== "");
  const found = plain.length > 0;
  const data = { "text/plain": plain.join("\n\n"), "text/markdown": markdown.join("\n\n") };
  return { status: "ok", found, data: found ? data : {}, metadata: {} };
}

function plainOf(name: NameInfo | undefined): string[] {
  return name ? [name.signature, name.documentation] : [];
}

function markdownOf(name: NameInfo | undefined): string[] {
  return name ? [`\`\`\`typescript\n${name.signature}\n\`\`\``, name.documentation] : [];
}

/** A checker that is only starting keeps nobody waiting, nor one that fails: values tell much without it. */
async function typesIfReady<T>(checker: Checker, answer: Promise<T>): Promise<T | undefined> {
  const none = answer.catch(() => undefined);
  if (!checker.isWarm()) return undefined;
  const limit = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), typesMs).unref());
  return await Promise.race([none, limit]);
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
      version: typescriptVersion,
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
