// One call with all that is kept of it: what came in, what went out, what was tracked, and the truth that came later.
import { Drawer, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Model } from "../../../../../lib/contract/model.ts";
import type { MetricsRow } from "../../../../../lib/contract/prediction.ts";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { Failure, FailureOf } from "../../../parts/failure.tsx";
import { JsonBox } from "../../../parts/json-box.tsx";
import { milliseconds, moment } from "../../../parts/numbers.ts";
import { State } from "../../../parts/state.tsx";
import { buildsQuery, type OnePrediction, predictionQuery } from "../queries.ts";
import { labLink } from "./lab-link.ts";
import styles from "./prediction-drawer.module.css";
import "../../../theme/drawer.css";

export interface PredictionDrawerProps {
  readonly model: Model;
  readonly uuid: string;
  onClose(): void;
}

export function PredictionDrawer({ model, uuid, onClose }: PredictionDrawerProps) {
  const { data, error, refetch } = useQuery(predictionQuery(model, uuid));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="36rem"
      title={`Call ${uuid.slice(-7)}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {error && <FailureOf what="The call could not be read" error={error} onRetry={refetch} />}
      {data === undefined && !error && <Skeleton height={320} />}
      {data === null && (
        <Failure
          what="There is no such call"
          why={`${model.name} has no call ${uuid}.`}
          todo="It may be another model's."
        />
      )}
      {data && <Call model={model.name} {...data} />}
    </Drawer>
  );
}

function Call({ model, row, summary }: OnePrediction & { model: string }) {
  const { predictionUuid, status, startTimeStampMs: start, endTimeStampMs: end } = row;
  return (
    <div className={styles.call}>
      <dl className={styles.facts}>
        <dt>State</dt>
        <dd>{status < 400 ? <State tone="good" word="answered" /> : <State tone="bad" word={`failed ${status}`} />}</dd>
        <dt>Uuid</dt>
        <dd>
          <code>{predictionUuid}</code>
          <CopyButton text={predictionUuid} label="Copy uuid" />
        </dd>
        <dt>Time</dt>
        <dd>{moment(start)}</dd>
        <dt>Took</dt>
        <dd>{milliseconds(end - start)}</dd>
        <dt>Deployment</dt>
        <dd>
          <code title={row.modelDeploymentCrn}>{row.modelDeploymentCrn.split("/").at(-1)}</code>
        </dd>
      </dl>
      {row.errorMessage && <Thrown model={model} row={row} />}
      <Json title="Request" value={row.request} />
      <Json title="Response" value={row.response} />
      <Json title="Truth" value={summary?.truth} absent="None has come yet." />
      <Json title="Tracked metrics" value={row.metrics} />
    </div>
  );
}

/** What the model threw, with the cell and line as a way into the notebook. */
function Thrown({ model, row }: { model: string; row: MetricsRow }) {
  const { data: builds } = useQuery(buildsQuery(model));
  const notebook = builds?.find(({ crn }) => crn === row.modelBuildCrn)?.notebookPath;
  const link = row.errorPlace && notebook ? labLink(notebook, row.errorPlace) : undefined;
  return (
    <div className={styles.thrown} role="note">
      <p>{row.errorMessage}</p>
      {row.errorPlace && (
        <p>
          In the notebook:{" "}
          {link ? (
            <a href={link} target="_blank" rel="noreferrer">
              {row.errorPlace}
            </a>
          ) : (
            <strong>{row.errorPlace}</strong>
          )}
        </p>
      )}
    </div>
  );
}

function Json({ title, value, absent }: { title: string; value: unknown; absent?: string }) {
  const empty = value === undefined || value === null;
  if (empty && !absent) return null;
  const text = empty ? "" : JSON.stringify(value, null, 2);
  return (
    <section className={styles.json} aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
        {!empty && <CopyButton text={text} label={`Copy ${title.toLowerCase()}`} />}
      </div>
      {empty ? <p className={styles.absent}>{absent}</p> : <JsonBox label={`${title} as JSON`} text={text} />}
    </section>
  );
}
