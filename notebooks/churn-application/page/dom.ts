// Elements from plain calls: h("p", { class: "quiet" }, "text"). Text is text, never HTML.
export type Child = Node | string | number | undefined | false;
type Properties = Readonly<Record<string, unknown>>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag: string, properties: Properties = {}, ...children: readonly Child[]): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function fill<E extends Element>(
  element: E,
  properties: Properties,
  children: readonly (Child | readonly Child[])[],
): E {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name === "style") Object.assign((element as unknown as HTMLElement).style, value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat())
    if (child !== undefined && child !== false) element.append(child as Node | string);
  return element;
}
