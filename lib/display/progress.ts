// Progress of a long step: one bar that moves in place, or two lines where output is text.
import { formatCount } from "./format-value.ts";
import { escapeHtml } from "./html.ts";
import type { MimeBundle } from "./mime-bundle.ts";
import { openSlot } from "./outlet.ts";

export interface ProgressOptions {
  /** Steps until the end. */
  readonly total: number;
  /** What is going on: `Fitting`. Default `Progress`. */
  readonly label?: string;
}

export interface Progress {
  /** Some steps are done; `note` stands behind the bar: a loss, a name. */
  advance(steps?: number, note?: string): void;
  /** All is done, or what was going on has stopped. */
  end(note?: string): void;
}

/** Redrawn at most this often. */
const redrawMs = 100;

/** A bar: `const bar = progress({ total: folds, label: "Cross-validating" }); bar.advance(); bar.end();` */
export function progress({ total, label = "Progress" }: ProgressOptions): Progress {
  const slot = openSlot();
  const started = performance.now();
  let done = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  let note = "";
  let ended = false;
  const draw = () => {
    drawn = performance.now();
    slot?.show(barBundle({ label, done, total, note, seconds: (drawn - started) / 1000, ended }));
  };
  if (slot) draw();
  else console.log(`${label}: ${formatCount(total)} steps`);
  return {
    advance(steps = 1, text = note) {
      done = Math.min(total, done + steps);
      note = text;
      if (!ended && (done === total || performance.now() - drawn >= redrawMs)) draw();
    },
    end(text = note) {
      if (ended) return;
      ended = true;
      note = text;
      draw();
      if (!slot) console.log(barText({ label, done, total, note, seconds: (drawn - started) / 1000, ended }));
    },
  };
}

interface BarState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly note: string;
  readonly seconds: number;
  readonly ended: boolean;
}

function barBundle(state: BarState): MimeBundle {
  const { label, done, total } = state;
  return {
    "text/html":
      `<div style="display:flex;gap:8px;align-items:center;font-variant-numeric:tabular-nums">` +
      `<span>${escapeHtml(label)}</span><progress value="${done}" max="${Math.max(1, total)}" aria-label="${escapeHtml(label)}" ` +
      `style="width:240px"></progress><span>${escapeHtml(countText(state))}</span></div>`,
    "text/plain": barText(state),
  };
}

function barText(state: BarState): string {
  const filled = state.total === 0 ? 20 : Math.round((20 * state.done) / state.total);
  return `${state.label} ${"█".repeat(filled)}${"░".repeat(20 - filled)} ${countText(state)}`;
}

function countText({ done, total, note, seconds, ended }: BarState): string {
  const left = done > 0 && done < total && !ended ? `, ${inSeconds((seconds / done) * (total - done))} left` : "";
  return `${formatCount(done)} of ${formatCount(total)} in ${inSeconds(seconds)}${left}${note && ` · ${note}`}`;
}

function inSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
