// The latest calls of the range, newest first: what came in, what went out, and where in the notebook a failed one broke.
import { ActionIcon, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import type { Model } from "../../../../../lib/contract/model.ts";
import type { PredictionSummary } from "../../../../../lib/contract/monitoring.ts";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { JsonBox } from "../../../parts/json-box.tsx";
import { count } from "../../../parts/numbers.ts";
import { ScrollBox } from "../../../parts/scroll-box.tsx";
import { State } from "../../../parts/state.tsx";
import table from "../../../parts/table.module.css";
import type { TimeRange } from "../../../parts/time-range.ts";
import { When } from "../../../parts/when.tsx";
import { WhenSeen } from "../../../parts/when-seen.tsx";
import { latestCallsQuery, predictionQuery } from "../queries.ts";
import styles from "./recent-calls.module.css";

const shownCalls = 20;

export interface RecentCallsProps {
  readonly model: Model;
  readonly range: TimeRange;
  /** Calls of the range. */
  readonly total: number;
}

export function RecentCalls(props: RecentCallsProps) {
  const { model } = props;
  return (
    <section className={styles.section} aria-labelledby="recent-title">
      <div className={styles.head}>
        <h2 id="recent-title" className={styles.title}>
          Latest calls
        </h2>
        <Link
          to="/models/$name"
          params={{ name: model.name }}
          search={({ last, start, end }) => ({ last, start, end, tab: "predictions" })}
        >
          All predictions
        </Link>
      </div>
      <WhenSeen placeholder={<Skeleton height={200} />}>
        <LatestCalls {...props} />
      </WhenSeen>
    </section>
  );
}

function LatestCalls({ model, range, total }: RecentCallsProps) {
  const {
    data: calls,
    error,
    refetch,
  } = useQuery({ ...latestCallsQuery(model.name, range, shownCalls), placeholderData: keepPreviousData });
  return (
    <>
      {error && !calls && <FailureOf what="The latest calls could not be read" error={error} onRetry={refetch} />}
      {!calls && !error && <Skeleton height={200} />}
      {calls && <CallTable model={model} calls={calls} total={total} />}
    </>
  );
}

interface CallTableProps {
  readonly model: Model;
  readonly calls: readonly PredictionSummary[];
  readonly total: number;
}

function CallTable({ model, calls, total }: CallTableProps) {
  const [open, setOpen] = useState<string>();
  return (
    <ScrollBox className={table.scroll} label="Table of the latest calls">
      <table className={table.table}>
        <caption>
          {calls.length >= total
            ? `All ${count(calls.length)} calls of the range`
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
            <Fragment key={call.uuid}>
              <CallRow
                call={call}
                open={open === call.uuid}
                onToggle={(shown) => setOpen(shown ? call.uuid : undefined)}
              />
              {open === call.uuid && <CallDetails model={model} uuid={call.uuid} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

interface CallRowProps {
  readonly call: PredictionSummary;
  readonly open: boolean;
  onToggle(open: boolean): void;
}

function CallRow({ call, open, onToggle }: CallRowProps) {
  const { uuid, status, probability, startTimestampMs, durationMs } = call;
  const tail = uuid.slice(-7); // the front of a time-ordered uuid is nearly the same in all rows
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
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
          <code title={uuid}>{tail}</code>
          <CopyButton text={uuid} label={`Copy uuid of call ${tail}`} />
        </span>
      </td>
      <td>{status < 400 ? <State tone="good" word="answered" /> : <State tone="bad" word={`failed ${status}`} />}</td>
      <td>
        <When time={startTimestampMs} />
      </td>
      <td className={table.number}>{Number(durationMs.toFixed(3))}</td>
      <td className={table.number}>{probability === null ? "–" : probability.toFixed(4)}</td>
      <td className={table.wide}>
        {call.errorMessage ?? call.errorCode ?? ""}
        {call.errorPlace && <div className={styles.place}>{call.errorPlace}</div>}
      </td>
    </tr>
  );
}

function CallDetails({ model, uuid }: { model: Model; uuid: string }) {
  const { data, error, refetch } = useQuery(predictionQuery(model, uuid));
  return (
    <tr>
      <td />
      <td colSpan={6}>
        {error && !data && <FailureOf what="The call could not be read" error={error} onRetry={refetch} />}
        {!data && !error && <Skeleton height={160} />}
        {data && (
          <div className={styles.details}>
            <Json title="Request" value={data.row.request} />
            <Json title="Response" value={data.row.response} />
            <Json title="Tracked metrics" value={data.row.metrics} />
          </div>
        )}
      </td>
    </tr>
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
