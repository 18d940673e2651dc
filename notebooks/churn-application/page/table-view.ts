// All customers of the sample, most likely leavers first, and what a threshold would cost.
import type { CostPoints, Feature, ScoredCustomer } from "../shapes.ts";
import { direction, probabilityColour, steps, weightColour } from "./colours.ts";
import { type Child, h } from "./dom.ts";
import { linePlot } from "./line-plot.ts";
import type { Shown } from "./main.ts";
import { askOnce } from "./requests.ts";
import { queryOf, type State } from "./state.ts";

export async function showTable(shown: Shown): Promise<Node[]> {
  const { state, scored, go } = shown;
  const title = h("h1", {}, "Who will leave?");
  if (scored.customers.length === 0) {
    return [
      title,
      h("p", { class: "panel" }, "The table has no customers yet. Run 1_data_ingest, then load this page again."),
    ];
  }
  return [
    h(
      "header",
      {},
      title,
      h(
        "p",
        { class: "quiet" },
        `${scored.customers.length} customers, as the deployed model sees them. Open one to ask what if.`,
      ),
      h(
        "p",
        { class: "actions" },
        h("button", { id: "sample", onclick: () => go({ seed: state.seed + 1 }) }, "Draw other customers"),
        h(
          "a",
          { id: "csv", class: "button", href: `api/customers.csv?seed=${state.seed}`, download: "customers.csv" },
          "Download CSV",
        ),
      ),
    ),
    await thresholdPanel(shown),
    legend(),
    h("div", { class: "scroll", role: "region", "aria-label": "Customers", tabindex: 0 }, tableOf(shown)),
    note(),
  ];
}

export function note(): HTMLElement {
  return h(
    "p",
    { class: "quiet note" },
    "“What if” is what the model expects of a customer like this, learnt from who left before. It is no promise: changing a contract does not make a customer stay the way having chosen it does.",
  );
}

function legend(): HTMLElement {
  const patches = steps.map((colour) => h("span", { class: "patch", style: { background: colour } }));
  return h("p", { class: "legend quiet" }, "stays ", ...patches, " leaves. ▼ speaks for staying, ▲ for leaving.");
}

/** Dragging changes the words and the mark; the address follows when it rests. */
async function thresholdPanel({ state, scored, go }: Shown): Promise<HTMLElement> {
  const costs = await askOnce<CostPoints>(`costs?seed=${state.seed}&missed=${state.missed}&alarm=${state.alarm}`);
  const words = h("output", { id: "threshold-words", for: "threshold" });
  const plot = h("div", {});
  const slider = h("input", { id: "threshold", type: "range", min: 0, max: 1, step: "any", value: state.threshold });
  const show = (threshold: number): void => {
    const { missed, falseAlarms, cost } = pointAt(costs, threshold);
    const called = scored.customers.filter(({ probability }) => probability >= threshold).length;
    words.textContent = `At ${threshold.toFixed(2)}, ${called} are called: ${missed} leavers missed, ${falseAlarms} false alarms, cost ${round(cost)}.`;
    slider.setAttribute("aria-valuetext", words.textContent);
    plot.replaceChildren(costPlot(costs, threshold));
    for (const row of document.querySelectorAll<HTMLElement>("tr[data-probability]")) {
      row.querySelector(".call")!.textContent = Number(row.dataset["probability"]) >= threshold ? "call" : "";
    }
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  slider.addEventListener("change", () => go({ threshold: Math.round(Number(slider.value) * 1e4) / 1e4 }, true));
  show(state.threshold);
  const best = Math.floor(costs.threshold[costs.best]! * 1e4) / 1e4; // nobody scores between it and the exact one
  return h(
    "section",
    { class: "panel threshold", "aria-labelledby": "threshold-title" },
    h("h2", { id: "threshold-title" }, "From which probability on is it worth a call?"),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        {},
        h("label", { for: "threshold" }, "Threshold"),
        slider,
        words,
        h(
          "p",
          { class: "fields" },
          costField("missed", "A missed leaver costs", state, go),
          costField("alarm", "A false alarm costs", state, go),
        ),
        h(
          "button",
          { id: "cheapest", onclick: () => go({ threshold: best }, true) },
          `Use the cheapest: ${best.toFixed(2)}, cost ${round(costs.cost[costs.best]!)}`,
        ),
      ),
      plot,
    ),
  );
}

function costField(name: "missed" | "alarm", text: string, state: State, go: Shown["go"]): HTMLElement {
  const input = h("input", { id: `cost-${name}`, type: "number", min: 0, step: "any", value: state[name] });
  input.addEventListener("change", () => {
    const value = Number(input.value);
    if (input.value !== "" && value >= 0) go({ [name]: value }, true);
  });
  return h("label", { for: `cost-${name}` }, `${text} `, input);
}

/** Those at or over the threshold are called: the curve's last point at or under it. */
function pointAt(costs: CostPoints, threshold: number) {
  const i = Math.max(
    0,
    costs.threshold.findLastIndex((value) => value <= threshold),
  );
  const after = costs.threshold[i]! < threshold ? Math.min(i + 1, costs.threshold.length - 1) : i;
  return { cost: costs.cost[after]!, missed: costs.missed[after]!, falseAlarms: costs.falseAlarms[after]! };
}

function costPlot(costs: CostPoints, threshold: number): SVGElement {
  const best = costs.best;
  return linePlot({
    label: `Cost over thresholds: cheapest ${round(costs.cost[best]!)} at ${costs.threshold[best]!.toFixed(2)}, now ${round(pointAt(costs, threshold).cost)} at ${threshold.toFixed(2)}.`,
    xTitle: "threshold",
    yTitle: "cost",
    x: costs.threshold,
    lines: [{ y: costs.cost, kind: "own", steps: true }],
    marks: [
      { x: costs.threshold[best]!, y: costs.cost[best]!, kind: "best" },
      { x: threshold, y: pointAt(costs, threshold).cost, kind: "now" },
    ],
  });
}

function tableOf({ state, scored, go }: Shown): HTMLElement {
  const { features } = scored;
  const limit = Math.max(...scored.customers.flatMap(({ explanation }) => Object.values(explanation).map(Math.abs)));
  const columns = ["probability", "id", ...features.map(({ name }) => name)];
  const head = columns.map((name) => {
    const sorted = state.sort === name;
    const arrow = sorted ? (state.rising ? " ↑" : " ↓") : "";
    const order = { sort: name, rising: sorted ? !state.rising : false };
    return h(
      "th",
      { scope: "col", "aria-sort": sorted && (state.rising ? "ascending" : "descending") },
      h(
        "button",
        { id: `sort-${name}`, class: "sort", onclick: () => go(order, true) },
        name === "id" ? "customer" : name,
        arrow,
      ),
    );
  });
  head.splice(1, 0, h("th", { scope: "col" }, "call?"));
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...sortedBy(scored.customers, state).map((customer) => rowOf(customer, features, limit, state, go))),
  );
}

function rowOf(
  { id, probability, data, explanation }: ScoredCustomer,
  features: readonly Feature[],
  limit: number,
  state: State,
  go: Shown["go"],
): HTMLElement {
  const open = { id, changes: {}, plan: false, curve: "" };
  const link = h("a", { id: `open-${id}`, href: queryOf({ ...state, ...open }) }, id);
  const cells = features.map(({ name }): Child => {
    const weight = explanation[name] ?? 0;
    const title = weight === 0 ? undefined : `${name}: ${signed(weight)}`;
    return h(
      "td",
      { class: "value", style: { background: weightColour(weight, limit) }, title },
      `${format(data[name])} ${direction(weight, limit)}`,
    );
  });
  const row = h(
    "tr",
    { "data-probability": probability },
    h("td", { class: "value number", style: { background: probabilityColour(probability) } }, probability.toFixed(3)),
    h("td", { class: "call" }, probability >= state.threshold ? "call" : ""),
    h("th", { scope: "row" }, link),
    ...cells,
  );
  row.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // the link opens elsewhere
    event.preventDefault();
    go(open);
  });
  return row;
}

function sortedBy(customers: readonly ScoredCustomer[], { sort, rising }: State): ScoredCustomer[] {
  const key = (customer: ScoredCustomer) =>
    sort === "probability" ? customer.probability : sort === "id" ? customer.id : (customer.data[sort] ?? "");
  const sign = rising ? 1 : -1;
  return [...customers].sort((a, b) => {
    const [first, second] = [key(a), key(b)];
    return (
      sign *
      (typeof first === "number" && typeof second === "number"
        ? first - second
        : String(first).localeCompare(String(second)))
    );
  });
}

export function format(value: unknown): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value);
}

export function signed(value: number): string {
  return `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(3)}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
