// What the table of predictions shows of a call. The first column's link is the whole row's target.
import { Link } from "@tanstack/react-router";
import type { PredictionSummary } from "../../../../../lib/contract/monitoring.ts";
import type { JsonObject } from "../../../../../lib/contract/signature.ts";
import { CopyButton } from "../../../parts/copy-button.tsx";
import type { TableColumn } from "../../../parts/data-table.tsx";
import { State } from "../../../parts/state.tsx";
import { When } from "../../../parts/when.tsx";
import styles from "./predictions.module.css";

export function predictionColumns(model: string): readonly TableColumn<PredictionSummary>[] {
  return [
    {
      id: "uuid",
      title: "Call",
      value: ({ uuid }) => uuid,
      cell: ({ uuid }) => <CallLink model={model} uuid={uuid} />,
    },
    {
      id: "state",
      title: "State",
      value: ({ status }) => status,
      cell: ({ status }) =>
        status < 400 ? <State tone="good" word="answered" /> : <State tone="bad" word={`failed ${status}`} />,
    },
    {
      id: "time",
      title: "Time",
      value: ({ startTimestampMs }) => new Date(startTimestampMs).toISOString(),
      cell: ({ startTimestampMs }) => <When time={startTimestampMs} />,
    },
    {
      id: "took",
      title: "Took (ms)",
      number: true,
      value: ({ durationMs }) => durationMs,
      cell: ({ durationMs }) => Number(durationMs.toFixed(3)),
    },
    {
      id: "probability",
      title: "Probability",
      number: true,
      value: ({ probability }) => probability,
      cell: ({ probability }) => (probability === null ? "–" : probability.toFixed(4)),
    },
    {
      id: "truth",
      title: "Truth",
      value: ({ truth }) => (truth ? textOf(truth) : null),
      cell: ({ truth }) => (truth ? textOf(truth) : "–"),
    },
    {
      id: "wrong",
      title: "What went wrong",
      wide: true,
      value: ({ errorMessage, errorCode, errorPlace }) =>
        [errorMessage ?? errorCode, errorPlace].filter(Boolean).join("; "),
      cell: ({ errorMessage, errorCode, errorPlace }) => (
        <>
          {errorMessage ?? errorCode ?? ""}
          {errorPlace && <div className={styles.place}>{errorPlace}</div>}
        </>
      ),
    },
  ];
}

/** The front of a time-ordered uuid is nearly the same in all rows: its tail tells them apart. */
function CallLink({ model, uuid }: { model: string; uuid: string }) {
  const tail = uuid.slice(-7);
  return (
    <span className={styles.call}>
      <Link
        className={styles.id}
        to="/models/$name"
        params={{ name: model }}
        search={(before) => ({ ...before, prediction: uuid })}
        resetScroll={false}
        aria-label={`Call ${tail}`}
        title={uuid}
      >
        <code>{tail}</code>
      </Link>
      <span className={styles.copy}>
        <CopyButton text={uuid} label={`Copy uuid of call ${tail}`} />
      </span>
    </span>
  );
}

/** `label Yes` for {label: "Yes"}; at most three values. */
export function textOf(truth: JsonObject): string {
  const entries = Object.entries(truth);
  const shown = entries
    .slice(0, 3)
    .map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return entries.length > 3 ? `${shown.join(", ")} …` : shown.join(", ");
}
