// A plot is a Plotly figure with the shared template and a text that says what it shows. Every kind of plot ends here.
import { escapeHtml } from "./html.ts";
import { displaySymbol, type MimeBundle } from "./mime-bundle.ts";
import { plotTemplate } from "./template.ts";

export const plotlyMime = "application/vnd.plotly.v1+json";

/** What every kind of plot takes. */
export interface PlotOptions {
  /** A sentence or question that the plot answers. */
  readonly title?: string;
  /** With its unit: `tenure (months)`. Default the column's name. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Pixels. Default 360. */
  readonly height?: number;
  /** Pixels. Default: the page's width. */
  readonly width?: number;
}

/** A figure as plotly.js takes it. */
export interface PlotSpec {
  readonly data: readonly object[];
  readonly layout?: object;
  readonly config?: object;
  /** The plot in a sentence, for readers of text. Default the title. */
  readonly text?: string;
}

export interface Plot {
  readonly data: readonly object[];
  readonly layout: object;
  readonly config: object;
  readonly text: string;
  toString(): string;
  [displaySymbol](): MimeBundle;
}

/** Any Plotly figure in the shared look: traces, and what the layout should say beyond the template. */
export function plot({ data, layout = {}, config = {}, text }: PlotSpec): Plot {
  const figure = plain({
    data,
    layout: { template: plotTemplate("light"), height: 360, ...layout },
    config: { responsive: true, displaylogo: false, ...config },
  }) as { data: object[]; layout: object; config: object };
  const words = text ?? titleOf(layout) ?? "Plot";
  return {
    ...figure,
    text: words,
    toString: () => words,
    [displaySymbol]: () => ({ [plotlyMime]: figure, "text/plain": words }),
  };
}

/** The layout that title, axis titles and size of the options give. */
export function layoutOf(
  { title, xTitle, yTitle, height, width }: PlotOptions,
  notice?: string,
): Record<string, unknown> {
  return {
    ...(title && {
      title: {
        text: escapeHtml(title),
        x: 0,
        y: 1,
        xref: "container",
        yref: "container",
        xanchor: "left",
        yanchor: "top",
        pad: { l: 12, t: 12 },
        font: { size: 15 },
      },
    }),
    margin: { l: 56, r: 16, t: title ? 72 : 32, b: notice ? 72 : 52 },
    xaxis: { title: { text: escapeHtml(xTitle ?? "") } },
    yaxis: { title: { text: escapeHtml(yTitle ?? "") } },
    ...(height && { height }),
    ...(width && { width }),
    ...(notice && { annotations: [noticeBelow(notice)] }),
  };
}

/** The sentence of a plot for readers of text. */
export function sentence(title: string | undefined, ...parts: readonly (string | undefined)[]): string {
  const said = parts.filter(Boolean).join("; ");
  return title ? `${title} ${said}` : said;
}

function noticeBelow(text: string): object {
  const place = { xref: "paper", yref: "paper", x: 1, y: 0, xanchor: "right", yanchor: "top", yshift: -44 };
  return { ...place, text: escapeHtml(text), showarrow: false, font: { size: 11 }, opacity: 0.7 };
}

function titleOf(layout: object): string | undefined {
  const { title } = layout as { title?: string | { text?: string } };
  return typeof title === "string" ? title : title?.text;
}

/** Plain JSON: typed arrays become arrays, what is no number becomes null, dates ISO text. */
function plain(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (Object.prototype.toString.call(value) === "[object Date]") return (value as Date).toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, plain);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, plain(inner)]])),
  );
}
