// The two ways a cell shows something while it runs: the object under Symbol.for("cellwright.display"), and tslab's `display`.
import type { MimeBundle } from "../evaluator/values.ts";
import type { DisplayType } from "./child-messages.ts";
import { typescriptVersion } from "./language.ts";

export interface DisplayOptions {
  displayId?: string;
  metadata?: Record<string, unknown>;
  transient?: Record<string, unknown>;
}

/** On globalThis under Symbol.for("cellwright.display"). */
export interface Display {
  send(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Replaces what was sent under the id, wherever it is shown. */
  update(displayId: string, bundle: MimeBundle, options?: { metadata?: Record<string, unknown> }): void;
  /** @param wait clear only when something new comes. Default false */
  clear(wait?: boolean): void;
}

export type SendDisplay = (type: DisplayType, content: object) => void;

export function createDisplay(send: SendDisplay): Display {
  return {
    send: (bundle, { displayId, metadata = {}, transient = {} } = {}) =>
      send("display_data", {
        data: toJsonBundle(bundle),
        metadata,
        transient: displayId === undefined ? transient : { ...transient, display_id: displayId },
      }),
    update: (displayId, bundle, { metadata = {} } = {}) =>
      send("update_display_data", { data: toJsonBundle(bundle), metadata, transient: { display_id: displayId } }),
    clear: (wait = false) => send("clear_output", { wait }),
  };
}

/** Bytes become base64, as Jupyter wants them. Throws what JSON cannot say (a cycle, a bigint). */
export function toJsonBundle(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).map(([mime, data]) => [
    mime,
    data instanceof Uint8Array ? toBase64(data) : data,
  ]);
  const made = Object.fromEntries(entries) as MimeBundle;
  JSON.stringify(made);
  return made;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

const tslabTypes = {
  javascript: "text/javascript",
  html: "text/html",
  markdown: "text/markdown",
  latex: "text/latex",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  text: "text/plain",
} as const;

type TslabDisplay = Record<keyof typeof tslabTypes, (data: string | Uint8Array) => void> & {
  raw(mime: string, data: string | Uint8Array): void;
};

/** What `import * as tslab from "tslab"` gives in a cell: tslab's display, through ours. */
export function createTslab(display: Display): Record<string, unknown> {
  const versions = { tslab: "1.0.22", typescript: typescriptVersion, node: process.version };
  const newDisplay = () => tslabDisplay(display, crypto.randomUUID());
  return { display: tslabDisplay(display), newDisplay, versions };
}

/** With an id, the first call shows and later ones replace. */
function tslabDisplay(display: Display, displayId?: string): TslabDisplay {
  let shown = false;
  const raw = (mime: string, data: string | Uint8Array) => {
    if (displayId === undefined) display.send({ [mime]: data });
    else if (shown) display.update(displayId, { [mime]: data });
    else display.send({ [mime]: data }, { displayId });
    shown = true;
  };
  const byName = Object.entries(tslabTypes).map(([name, mime]) => [
    name,
    (data: string | Uint8Array) => raw(mime, data),
  ]);
  return {
    ...(Object.fromEntries(byName) as Record<keyof typeof tslabTypes, (data: string | Uint8Array) => void>),
    raw,
  };
}
