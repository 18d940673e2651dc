// The page: the table of customers, or one customer, as its address says.
import type { Scored } from "../shapes.ts";
import { showCustomer } from "./customer-view.ts";
import { h } from "./dom.ts";
import { askOnce } from "./requests.ts";
import { queryOf, readState, type State } from "./state.ts";
import { showTable } from "./table-view.ts";

export interface Shown {
  readonly state: State;
  readonly scored: Scored;
  /** To another state: a step that "back" undoes, unless it is a small one. */
  go(changes: Partial<State>, small?: boolean): void;
}

const view = document.getElementById("view")!;
let turn = 0;
let shownView = "";

async function show(): Promise<void> {
  const mine = ++turn;
  const state = readState(location.search);
  const name = `${state.id} ${state.seed}`;
  if (shownView === "") view.replaceChildren(loading());
  view.setAttribute("aria-busy", "true");
  try {
    const scored = await askOnce<Scored>(`customers?seed=${state.seed}`);
    const shown: Shown = { state, scored, go };
    const content = state.id ? await showCustomer(shown) : await showTable(shown);
    if (mine !== turn) return; // a later state is on its way
    replace(content, name);
  } catch (error) {
    if (mine === turn) replace([failure(error as Error)], "");
  } finally {
    if (mine === turn) view.setAttribute("aria-busy", "false");
  }
}

/** The same control keeps the focus; another view begins at its top. */
function replace(content: readonly Node[], name: string): void {
  const focused = document.activeElement?.id;
  const scrolled = document.querySelector(".scroll")?.scrollLeft ?? 0;
  view.replaceChildren(...content);
  if (name === shownView) {
    const box = document.querySelector(".scroll");
    if (box) box.scrollLeft = scrolled;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  } else if (shownView !== "") {
    window.scrollTo(0, 0);
    view.focus({ preventScroll: true });
  }
  shownView = name;
}

function go(changes: Partial<State>, small = false): void {
  const next = queryOf({ ...readState(location.search), ...changes });
  if (small) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
  void show();
}

function loading(): HTMLElement {
  return h(
    "div",
    { class: "loading", role: "status" },
    h("p", {}, "Asking the model about each customer…"),
    ...Array.from({ length: 8 }, () => h("div", { class: "skeleton" })),
  );
}

function failure(error: Error): HTMLElement {
  return h(
    "section",
    { class: "panel", role: "alert" },
    h("h1", {}, "The customers cannot be shown"),
    h("p", {}, error.message),
    h("p", {}, "It needs the table of 1_data_ingest and the model that 5_model_serve deploys."),
    h("button", { id: "retry", onclick: () => void show() }, "Try again"),
  );
}

window.addEventListener("popstate", () => void show());
void show();
