// The latest calls of the range, newest first: what came in, what went out, and where in the notebook a failed one broke.
import { ActionIcon, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import type { Model } from "../../../../lib/contract/model.ts";
import type { MetricsRow, PredictionSeries } from "../../../../lib/contract/prediction.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { saveText, toCsv } from "../../parts/csv.ts";
import { FailureOf } from "../../parts/failure.tsx";
import { JsonBox } from "../../parts/json-box.tsx";
import { count } from "../../parts/numbers.ts";
import { latestCallsQuery } from "../../parts/queries.ts";
import { ScrollBox } from "../../parts/scroll-box.tsx";
import { State } from "../../parts/state.tsx";
import table from "../../parts/table.module.css";
import { When } from "../../parts/when.tsx";
import styles from "./recent-calls.module.css";

const shownCalls = 20;

export function RecentCalls({ model, series }: { model: Model; series: PredictionSeries }) {
  const {
    data: calls,
    error,
    refetch,
  } = useQuery({ ...latestCallsQuery(model, series, shownCalls), placeholderData: keepPreviousData });
  return (
    <section className={styles.section} aria-labelledby="recent-title">
      <div className={styles.head}>
        <h2 id="recent-title" className={styles.title}>
          Latest calls
        </h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Download the latest calls as CSV"
          title="Download CSV"
          disabled={!calls}
          onClick={() => calls && saveText(csvOf(calls), `${model.name}-latest-calls.csv`, "text/csv")}
        >
          <IconDownload size={16} stroke={1.6} />
        </ActionIcon>
      </div>
      {error && !calls && <FailureOf what="The latest calls could not be read" error={error} onRetry={refetch} />}
      {!calls && !error && <Skeleton height={200} />}
      {calls && <CallTable calls={calls} total={series.total} />}
    </section>
  );
}

function CallTable({ calls, total }: { calls: readonly MetricsRow[]; total: number }) {
  const [open, setOpen] = useState<string>();
  return (
    <ScrollBox className={table.scroll} label="Table of the latest calls">
      <table className={table.table}>
        <caption>
          {calls.length === total
            ? `All ${count(total)} calls of the range`
            : `The latest ${calls.length} of ${count(total)} calls`}
        </caption>
        <thead>
          <tr>
            <th>
              <VisuallyHidden>Details</VisuallyHidden>
            </th>
            <th>Call</th>
            <th>State</th>
            <th>Time</th>
            <th className={table.number}>Took (ms)</th>
            <th className={table.number}>Probability</th>
            <th>What went wrong</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <Fragment key={call.predictionUuid}>
              <CallRow
                call={call}
                open={open === call.predictionUuid}
                onToggle={(shown) => setOpen(shown ? call.predictionUuid : undefined)}
              />
            </Fragment>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function CallRow({ call, open, onToggle }: { call: MetricsRow; open: boolean; onToggle(open: boolean): void }) {
  const { predictionUuid, status, metrics, startTimeStampMs, endTimeStampMs } = call;
  const probability = metrics["probability"];
  const tail = predictionUuid.slice(-7); // the front of a time-ordered uuid is nearly the same in all rows
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <tr>
        <td className={styles.toggle}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={open}
            aria-label={`Details of call ${tail}`}
            onClick={() => onToggle(!open)}
          >
            <Icon size={15} stroke={1.7} />
          </ActionIcon>
        </td>
        <td>
          <span className={styles.id}>
            <code title={predictionUuid}>{tail}</code>
            <CopyButton text={predictionUuid} label={`Copy uuid of call ${tail}`} />
          </span>
        </td>
        <td>{status < 400 ? <State tone="good" word="answered" /> : <State tone="bad" word={`failed ${status}`} />}</td>
        <td>
          <When time={startTimeStampMs} />
        </td>
        <td className={table.number}>{Number((endTimeStampMs - startTimeStampMs).toFixed(3))}</td>
        <td className={table.number}>{typeof probability === "number" ? probability.toFixed(4) : "–"}</td>
        <td className={table.wide}>
          {call.errorMessage ?? call.errorCode ?? ""}
          {call.errorPlace && <div className={styles.place}>{call.errorPlace}</div>}
        </td>
      </tr>
      {open && (
        <tr>
          <td />
          <td colSpan={6}>
            <div className={styles.details}>
              <Json title="Request" value={call.request} />
              <Json title="Response" value={call.response} />
              <Json title="Tracked metrics" value={metrics} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  if (value === undefined || value === null) return null;
  return (
    <div className={styles.json}>
      <h3>{title}</h3>
      <JsonBox label={title} text={JSON.stringify(value, null, 2)} />
    </div>
  );
}

function csvOf(calls: readonly MetricsRow[]): string {
  return toCsv({
    uuid: calls.map(({ predictionUuid }) => predictionUuid),
    start: calls.map(({ startTimeStampMs }) => new Date(startTimeStampMs).toISOString()),
    durationMs: calls.map(({ startTimeStampMs, endTimeStampMs }) => endTimeStampMs - startTimeStampMs),
    status: calls.map(({ status }) => status),
    probability: calls.map(({ metrics }) =>
      typeof metrics["probability"] === "number" ? metrics["probability"] : null,
    ),
    error: calls.map(({ errorMessage, errorCode }) => errorMessage ?? errorCode ?? null),
    place: calls.map(({ errorPlace }) => errorPlace ?? null),
    request: calls.map(({ request }) => JSON.stringify(request ?? null)),
    response: calls.map(({ response }) => JSON.stringify(response ?? null)),
  });
}
