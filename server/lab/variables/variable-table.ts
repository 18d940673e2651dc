// Variables as a table, or a line that says why there are none.
import { Widget } from "@lumino/widgets";

/** As the kernel tells it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly size: string;
  readonly preview: string;
}

const columns = [
  { key: "name", title: "Name" },
  { key: "type", title: "Type" },
  { key: "size", title: "Size" },
  { key: "preview", title: "Value" },
] as const;

const cellStyle = "text-align: left; padding: 2px 6px; vertical-align: top; overflow-wrap: anywhere";

export class VariableTable extends Widget {
  constructor() {
    super();
    this.addClass("cellwright-variables");
    this.node.style.cssText = "overflow: auto; background: var(--jp-layout-color1); color: var(--jp-ui-font-color1)";
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Variables");
    this.node.tabIndex = 0;
    this.say("Open a notebook to see its variables.");
  }

  say(sentence: string): void {
    const line = element("p", sentence);
    line.style.cssText = "padding: 0 12px";
    this.node.replaceChildren(line);
  }

  list(variables: readonly Variable[]): void {
    if (variables.length === 0) {
      this.say("The cells have declared nothing yet.");
      return;
    }
    const table = element("table");
    table.style.cssText = "width: 100%; border-collapse: collapse; font-size: var(--jp-ui-font-size1)";
    const head = element("thead");
    head.append(row(columns.map(({ title }) => cell("th", title))));
    const body = element("tbody");
    body.append(...variables.map(rowOf));
    table.append(head, body);
    this.node.replaceChildren(table);
  }
}

function rowOf(variable: Variable): HTMLElement {
  const made = row(columns.map(({ key }) => cell(key === "name" ? "th" : "td", variable[key])));
  made.style.borderTop = "1px solid var(--jp-border-color2)";
  for (const part of [made.children[0], made.children[3]])
    (part as HTMLElement).style.fontFamily = "var(--jp-code-font-family)";
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
