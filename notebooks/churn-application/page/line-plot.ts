// A small line plot as SVG: axes with titles, one or more lines, a marker or two, and words for those who do not see it.
import { svg } from "./dom.ts";

export interface LinePlot {
  /** What is seen, as a sentence. */
  readonly label: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x: readonly number[];
  /** Names of the places on x when they are categories. */
  readonly names?: readonly string[];
  readonly lines: readonly { readonly y: readonly number[]; readonly kind: "own" | "mean"; readonly steps?: boolean }[];
  readonly marks: readonly { readonly x: number; readonly y: number; readonly kind: "now" | "best" }[];
  readonly yMax?: number;
}

const width = 420;
const height = 200;
const left = 46;
const bottom = 40;
const top = 10;
const right = 12;

export function linePlot({ label, xTitle, yTitle, x, names, lines, marks, yMax }: LinePlot): SVGElement {
  const low = Math.min(...x);
  const high = Math.max(...x);
  const most = yMax ?? (Math.max(...lines.flatMap(({ y }) => y), 0) || 1);
  const across = (value: number): number => left + ((value - low) / (high - low || 1)) * (width - left - right);
  const up = (value: number): number => height - bottom - (value / most) * (height - bottom - top);
  const ticks = names
    ? x.map((value, i) => [value, names[i]!] as const)
    : spread(low, high).map((value) => [value, short(value)] as const);
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "plot", role: "img", "aria-label": label },
    ...spread(0, most).flatMap((value) => [
      svg("line", { x1: left, x2: width - right, y1: up(value), y2: up(value), class: "grid" }),
      svg("text", { x: left - 6, y: up(value) + 4, class: "tick end" }, short(value)),
    ]),
    ...ticks.map(([value, name]) =>
      svg("text", { x: across(value), y: height - bottom + 14, class: "tick middle" }, name),
    ),
    ...lines.map(({ y, kind, steps }) =>
      svg("path", { d: pathOf(x.map(across), y.map(up), steps ?? false), class: `line ${kind}` }),
    ),
    ...marks.map((mark) => svg("circle", { cx: across(mark.x), cy: up(mark.y), r: 4.5, class: `mark ${mark.kind}` })),
    svg("text", { x: (left + width - right) / 2, y: height - 6, class: "title middle" }, xTitle),
    svg(
      "text",
      {
        x: 12,
        y: (height - bottom + top) / 2,
        class: "title middle",
        transform: `rotate(-90 12 ${(height - bottom + top) / 2})`,
      },
      yTitle,
    ),
  );
}

function pathOf(x: readonly number[], y: readonly number[], steps: boolean): string {
  const points = x.map((value, i) =>
    i > 0 && steps
      ? `V${y[i]!.toFixed(1)}H${value.toFixed(1)}`
      : `${i ? "L" : "M"}${value.toFixed(1)} ${y[i]!.toFixed(1)}`,
  );
  return points.join("");
}

function spread(low: number, high: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
}

function short(value: number): string {
  return Math.abs(value) >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
