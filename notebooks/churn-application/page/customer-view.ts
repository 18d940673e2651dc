// One customer: how likely to leave and why, and what the model would say if something were different. Every change asks it again.
import type { Answer, Curve, Feature, FeatureValue, Plan, ScoredCustomer } from "../shapes.ts";
import { direction, probabilityColour, weightColour } from "./colours.ts";
import { type Child, h } from "./dom.ts";
import { linePlot } from "./line-plot.ts";
import type { Shown } from "./main.ts";
import { askOnce } from "./requests.ts";
import { changedRecord, queryOf, type State } from "./state.ts";
import { format, note, signed } from "./table-view.ts";

/** Weights are coloured over ±this. */
const weightLimit = 0.3;

interface Looked extends Shown {
  readonly customer: ScoredCustomer;
  /** Of the record with its changes. */
  readonly answer: Answer;
}

export async function showCustomer(shown: Shown): Promise<Node[]> {
  const { state, scored, go } = shown;
  const back = backLink(state, go);
  const customer = scored.customers.find(({ id }) => id === state.id);
  if (!customer) {
    return [
      back,
      h(
        "section",
        { class: "panel" },
        h("h1", {}, `There is no customer ${state.id} in this sample`),
        h("p", {}, "It may be in another one."),
      ),
    ];
  }
  const record = changedRecord(customer.data, state.changes, scored.features);
  const answer = await askOnce<Answer>("ask", { record });
  const looked: Looked = { ...shown, customer, answer };
  return [
    back,
    headOf(looked),
    planPanel(looked),
    featureTable(looked),
    ...(state.curve ? [curvePanel(looked)] : []),
    note(),
  ];
}

function backLink(state: State, go: Shown["go"]): HTMLElement {
  const to = { id: "", changes: {}, plan: false, curve: "" };
  return h(
    "p",
    {},
    h(
      "a",
      {
        id: "back",
        href: queryOf({ ...state, ...to }),
        onclick: (event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          go(to);
        },
      },
      "← All customers",
    ),
  );
}

function headOf({ state, scored, customer, answer, go }: Looked): HTMLElement {
  const { probability } = answer;
  const changed = changesOf(customer, answer, scored.features);
  const over = probability >= state.threshold ? "at or over" : "under";
  const before = changed.length > 0 ? ` It was ${customer.probability.toFixed(3)} as the customer is.` : "";
  return h(
    "header",
    {},
    h("h1", {}, `Customer ${customer.id}`),
    h(
      "p",
      { id: "probability", role: "status", class: "probability" },
      h("strong", { style: { background: probabilityColour(probability) } }, probability.toFixed(3)),
      ` is the probability of leaving, ${over} the threshold of ${state.threshold.toFixed(2)}.${before}`,
    ),
    changed.length > 0 &&
      h(
        "p",
        { class: "actions" },
        `Changed: ${changed.join(", ")} `,
        h("button", { id: "reset", onclick: () => go({ changes: {}, plan: false }) }, "Back to the customer as it is"),
      ),
  );
}

function changesOf(customer: ScoredCustomer, answer: Answer, features: readonly Feature[]): string[] {
  return features.map(({ name }) => name).filter((name) => answer.data[name] !== customer.data[name]);
}

function planPanel({ state, answer, go }: Looked): HTMLElement {
  const under = answer.probability < state.threshold;
  const result = h("div", { id: "plan-result", role: "status" });
  if (state.plan && !under) fillPlan(result, state, answer, go);
  return h(
    "section",
    { class: "panel", "aria-labelledby": "plan-title" },
    h("h2", { id: "plan-title" }, `What would bring it under ${state.threshold.toFixed(2)}?`),
    under
      ? h("p", {}, "It is under the threshold already.")
      : h("button", { id: "plan", onclick: () => go({ plan: true }) }, "Find the smallest change"),
    result,
  );
}

function fillPlan(box: HTMLElement, state: State, answer: Answer, go: Shown["go"]): void {
  box.replaceChildren(h("p", {}, "Asking the model about many changes…"));
  const { data: record } = answer;
  askOnce<Plan>(`plan?seed=${state.seed}`, { record, threshold: state.threshold })
    .then(({ found, changes, probability }) => {
      if (!found) {
        box.replaceChildren(h("p", {}, "No change of up to three things that could be changed gets there."));
        return;
      }
      const applied = Object.fromEntries(changes.map(({ feature, to }) => [feature, to]));
      box.replaceChildren(
        h(
          "ul",
          {},
          ...changes.map(({ feature, from, to }) => h("li", {}, `${feature}: ${format(from)} → ${format(to)}`)),
        ),
        h("p", {}, `The model then expects ${probability.toFixed(3)}.`),
        h(
          "button",
          { id: "apply", onclick: () => go({ changes: { ...state.changes, ...applied }, plan: false }) },
          "Apply",
        ),
      );
    })
    .catch((error: Error) => box.replaceChildren(h("p", { role: "alert" }, error.message)));
}

function featureTable(looked: Looked): HTMLElement {
  const { scored, answer } = looked;
  const exact = answer.contributions !== undefined;
  const words =
    answer.r2 === undefined
      ? ""
      : ` LIME catches ${Math.round(answer.r2 * 100)} % of what the model does near this customer.`;
  return h(
    "section",
    { "aria-labelledby": "why-title" },
    h("h2", { id: "why-title" }, "Why, and what if?"),
    h(
      "p",
      { class: "quiet" },
      `LIME: what a feature adds to the probability around here.${words}`,
      exact && ` Exact: what it adds to the log-odds, above ${signed(answer.base ?? 0)} of the average customer.`,
    ),
    h(
      "div",
      { class: "scroll whole", role: "region", "aria-label": "Features", tabindex: 0 },
      h(
        "table",
        { class: "features" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...["feature", "LIME", ...(exact ? ["exact"] : []), "value", "curve"].map((name) =>
              h("th", { scope: "col" }, name),
            ),
          ),
        ),
        h("tbody", {}, ...scored.features.map((feature) => featureRow(looked, feature, exact))),
      ),
    ),
  );
}

function featureRow(looked: Looked, feature: Feature, exact: boolean): HTMLElement {
  const { state, answer, customer, go } = looked;
  const { name } = feature;
  const changed = answer.data[name] !== customer.data[name];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, name, changed && h("span", { class: "was" }, ` was ${format(customer.data[name])}`)),
    weightCell(answer.explanation[name], weightLimit),
    exact && weightCell(answer.contributions![name], 1.5),
    h("td", {}, "categories" in feature ? chips(looked, feature) : numberBox(looked, feature)),
    h(
      "td",
      {},
      h(
        "button",
        {
          id: `curve-${name}`,
          "aria-pressed": String(state.curve === name),
          "aria-label": `Curve of ${name}`,
          onclick: () => go({ curve: state.curve === name ? "" : name }),
        },
        "∿",
      ),
    ),
  );
}

function weightCell(weight: number | undefined, limit: number): HTMLElement {
  if (weight === undefined) return h("td", { class: "quiet" }, "–");
  return h(
    "td",
    { class: "value number", style: { background: weightColour(weight, limit) } },
    `${signed(weight)} ${direction(weight, limit)}`,
  );
}

/** One of a few: the arrow keys move among them, as radio buttons do. */
function chips(
  looked: Looked,
  { name, categories }: Feature & { readonly categories: readonly string[] },
): HTMLElement {
  return h(
    "fieldset",
    { class: "chips" },
    h("legend", { class: "unseen" }, name),
    ...categories.map((category, i): Child => {
      const id = `${name}-${i}`;
      const checked = looked.answer.data[name] === category;
      const input = h("input", { type: "radio", id, name, value: category, checked });
      input.addEventListener("change", () => change(looked, name, category));
      return h("label", { for: id }, input, category);
    }),
  );
}

function numberBox(looked: Looked, { name, min, mean, max, step }: Extract<Feature, { min: number }>): HTMLElement {
  const input = h("input", {
    id: `number-${name}`,
    type: "number",
    min,
    max,
    step: "any",
    value: Number(looked.answer.data[name]),
  });
  input.setAttribute("aria-label", name);
  input.addEventListener("change", () => {
    if (input.value === "" || !input.checkValidity()) return void input.reportValidity();
    change(looked, name, step === 1 ? Math.round(Number(input.value)) : Number(input.value));
  });
  return h(
    "span",
    { class: "numberbox" },
    input,
    h("span", { class: "quiet" }, ` min ${format(min)} · mean ${format(mean)} · max ${format(max)}`),
  );
}

function change({ state, customer, go }: Looked, name: string, value: FeatureValue): void {
  const { [name]: _before, ...others } = state.changes;
  go({ changes: value === customer.data[name] ? others : { ...others, [name]: value }, plan: false });
}

function curvePanel({ state, scored, answer }: Looked): HTMLElement {
  const { curve: name } = state;
  const box = h("div", { role: "status" }, h("p", {}, "Asking the model…"));
  askOnce<Curve>(`curve?seed=${state.seed}`, { record: answer.data, feature: name })
    .then((curve) => box.replaceChildren(curvePlot(curve, answer)))
    .catch((error: Error) => box.replaceChildren(h("p", { role: "alert" }, error.message)));
  const some = Math.min(12, scored.customers.length);
  return h(
    "section",
    { class: "panel", "aria-labelledby": "curve-title" },
    h("h2", { id: "curve-title" }, `How does the probability move with ${name}?`),
    box,
    h("p", { class: "quiet" }, `Solid: this customer, all else as it is. Dashed: the mean over ${some} customers.`),
  );
}

function curvePlot({ feature, values, own, mean }: Curve, { data, probability }: Answer): SVGElement {
  const named = values.every((value) => typeof value === "string");
  const x = values.map((value, i) => (named ? i : Number(value)));
  const now = named ? (values as readonly unknown[]).indexOf(data[feature]) : Number(data[feature]);
  const words = values.map((value, i) => `${format(value)} ${own[i]!.toFixed(2)}`).join(", ");
  return linePlot({
    label: `Probability of leaving by ${feature}: ${words}.`,
    xTitle: feature,
    yTitle: "probability",
    x,
    ...(named && { names: values.map(String) }),
    lines: [
      { y: mean, kind: "mean" },
      { y: own, kind: "own" },
    ],
    marks: [{ x: now, y: probability, kind: "now" }],
    yMax: 1,
  });
}
