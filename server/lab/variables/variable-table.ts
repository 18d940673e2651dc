// Variables as a table, or a line that says why there are none. Drawn only while it is seen.
import { Widget } from "@lumino/widgets";

/** As the kernel tells it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly size: string;
  readonly preview: string;
}

const cellStyle = "text-align: left; padding: 3px 8px; vertical-align: top; overflow-wrap: anywhere";

export class VariableTable extends Widget {
  #content: string | readonly Variable[] = "Open a notebook to see its variables.";

  constructor() {
    super();
    this.addClass("cellwright-variables");
    this.node.style.cssText = "overflow: auto; background: var(--jp-layout-color1); color: var(--jp-ui-font-color1)";
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Variables");
    this.node.tabIndex = 0;
  }

  say(sentence: string): void {
    this.#content = sentence;
    this.update();
  }

  list(variables: readonly Variable[]): void {
    this.#content = variables.length === 0 ? "The cells have declared nothing yet." : variables;
    this.update();
  }

  protected override onAfterAttach(): void {
    this.update();
  }

  protected override onAfterShow(): void {
    this.update();
  }

  /** Many changes between two frames are one. */
  protected override onUpdateRequest(): void {
    if (!this.isVisible) return;
    this.node.replaceChildren(typeof this.#content === "string" ? lineOf(this.#content) : tableOf(this.#content));
  }
}

function lineOf(sentence: string): HTMLElement {
  const line = element("p", sentence);
  line.style.cssText = "padding: 0 12px";
  return line;
}

function tableOf(variables: readonly Variable[]): HTMLElement {
  const table = element("table");
  table.style.cssText =
    "width: 100%; table-layout: fixed; border-collapse: collapse; font-size: var(--jp-ui-font-size1)";
  const head = element("thead");
  head.append(row([cell("th", "Name and type"), cell("th", "Value")]));
  const body = element("tbody");
  body.append(...variables.map(rowOf));
  table.append(head, body);
  return table;
}

/** Narrow, as side bars are: type and size stand below the name. */
function rowOf({ name, type, size, preview }: Variable): HTMLElement {
  const [left, right] = [cell("th", name), cell("td", preview)];
  const kind = element("div", size ? `${type} · ${size}` : type);
  kind.style.cssText = "font: var(--jp-ui-font-size0) var(--jp-ui-font-family); color: var(--jp-ui-font-color2)";
  for (const part of [left, right]) part.style.fontFamily = "var(--jp-code-font-family)";
  left.append(kind);
  const made = row([left, right]);
  made.style.borderTop = "1px solid var(--jp-border-color2)";
  return made;
}

function row(cells: readonly HTMLElement[]): HTMLElement {
  const made = element("tr");
  made.append(...cells);
  return made;
}

function cell(kind: "th" | "td", text: string): HTMLElement {
  const made = element(kind, text);
  made.style.cssText = cellStyle;
  if (kind === "th") made.style.fontWeight = "600";
  return made;
}

function element(kind: string, text = ""): HTMLElement {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}
