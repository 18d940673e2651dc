// Text as Jupyter's API has it, each in one string, and as files have it, mostly in lists of lines. What comes back unchanged
// goes to disk in the very form it had there.
import {
  type Cell,
  isCode,
  keepsLines,
  linesOf,
  type MultilineText,
  type Notebook,
  type Output,
  textOf,
} from "./nbformat.ts";

/** The same notebook with every text in one string. */
export function joinLines(notebook: Notebook): Notebook {
  return mapTexts(notebook, (text) => textOf(text));
}

/** The same notebook with texts as files have them: those that stood in `before` in the form they had there, others in lines. */
export function splitLines(notebook: Notebook, before?: Notebook): Notebook {
  const forms = new Map<string, MultilineText>();
  if (before) mapTexts(before, (text) => remember(forms, text));
  const inLines = !before || keepsLines(before);
  return mapTexts(notebook, (text) => {
    const whole = textOf(text);
    return forms.get(whole) ?? (inLines ? linesOf(whole) : whole);
  });
}

function remember(forms: Map<string, MultilineText>, text: MultilineText): MultilineText {
  forms.set(textOf(text), text);
  return text;
}

type MapText = (text: MultilineText) => MultilineText;

function mapTexts(notebook: Notebook, map: MapText): Notebook {
  return { ...notebook, cells: notebook.cells.map((cell) => mapCell(cell, map)) };
}

function mapCell(cell: Cell, map: MapText): Cell {
  const source = map(cell.source);
  if (!isCode(cell)) return { ...cell, source };
  return { ...cell, source, outputs: cell.outputs.map((output) => mapOutput(output, map)) };
}

function mapOutput(output: Output, map: MapText): Output {
  if (output.output_type === "stream") return { ...output, text: map(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [mime, isText(mime, value) ? map(value) : value]);
  return { ...output, data: Object.fromEntries(data) };
}

/** Types that Jupyter breaks into lines; base64 and JSON stay whole. */
export function isTextType(mime: string): boolean {
  return /^text\/|[/+]xml$|^application\/(javascript|x-latex)$/.test(mime);
}

/** A file may have any type but JSON in lines. */
function isText(mime: string, value: unknown): value is MultilineText {
  if (typeof value === "string") return isTextType(mime);
  return Array.isArray(value) && !/[/+]json$/.test(mime) && value.every((line) => typeof line === "string");
}
