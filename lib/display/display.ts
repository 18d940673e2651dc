// Shows a value where the cell's output goes.
import { bundleOf, type MimeBundle } from "./mime-bundle.ts";
import { showBundle } from "./outlet.ts";

/**
 * Shows a table, a plot, HTML, Markdown or any value; under both kernels, and as text outside of one.
 *
 * @param value with a method under `Symbol.for("Jupyter.display")`, else it is shown as text
 */
export function display(value: unknown): void {
  const bundle = bundleOf(value);
  if (isPromise(bundle)) void bundle.then(showBundle);
  else showBundle(bundle);
}

function isPromise(value: MimeBundle | Promise<MimeBundle>): value is Promise<MimeBundle> {
  return typeof (value as { then?: unknown }).then === "function";
}
