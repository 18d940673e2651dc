// Where shown values go: the kernel's display, else tslab's, else text on standard output.
import type { MimeBundle } from "./mime-bundle.ts";

/** One place on the page: shown once, then replaced. */
export interface DisplaySlot {
  show(bundle: MimeBundle): void;
}

/** What our kernel puts on globalThis. */
interface KernelDisplay {
  send(bundle: MimeBundle, options?: { displayId?: string }): void;
  update(displayId: string, bundle: MimeBundle): void;
}

/** What tslab has: one MIME type a call. */
interface TslabDisplay {
  raw(mime: string, content: unknown): void;
}

/** Richest first; a page that takes but one gets the first that is there. */
const richest = ["application/vnd.plotly.v1+json", "text/html", "image/svg+xml", "text/markdown", "text/plain"];
let slots = 0;

export function showBundle(bundle: MimeBundle): void {
  const kernel = kernelDisplay();
  const tslab = kernel ? undefined : tslabModule();
  if (kernel) kernel.send(bundle);
  else if (tslab) showInTslab(tslab.display, bundle);
  else console.log(String(bundle["text/plain"] ?? ""));
}

/** A slot that updates in place; undefined where output is lines of text. */
export function openSlot(): DisplaySlot | undefined {
  const kernel = kernelDisplay();
  if (kernel) return kernelSlot(kernel);
  const tslab = tslabModule()?.newDisplay();
  return tslab && { show: (bundle) => showInTslab(tslab, bundle) };
}

function kernelSlot(kernel: KernelDisplay): DisplaySlot {
  const displayId = `cellwright-${process.pid}-${++slots}`;
  let shown = false;
  return {
    show(bundle) {
      if (shown) kernel.update(displayId, bundle);
      else kernel.send(bundle, { displayId });
      shown = true;
    },
  };
}

function showInTslab(display: TslabDisplay, bundle: MimeBundle): void {
  const mime = richest.find((type) => bundle[type] !== undefined) ?? "text/plain";
  display.raw(mime, bundle[mime] ?? "");
}

function kernelDisplay(): KernelDisplay | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for("cellwright.display")] as KernelDisplay | undefined;
}

function tslabModule(): { display: TslabDisplay; newDisplay(): TslabDisplay } | undefined {
  const tslab = (globalThis as { __tslab__?: { require(name: string): unknown } }).__tslab__;
  return tslab?.require("tslab") as { display: TslabDisplay; newDisplay(): TslabDisplay } | undefined;
}
