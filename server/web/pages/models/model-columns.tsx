// What the table of models shows of one. Figures of calls come when their row is in sight; the name leads to the model's page.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Model } from "../../../../lib/contract/model.ts";
import type { TableColumn } from "../../parts/data-table.tsx";
import { count, threeDigits } from "../../parts/numbers.ts";
import { DeploymentState, State } from "../../parts/state.tsx";
import { When } from "../../parts/when.tsx";
import {
  type CallFigures,
  callFigures,
  type DriftFigures,
  driftFigures,
  type ScoreFigures,
  scoreFigures,
} from "./figures.ts";
import styles from "./models-page.module.css";

/** A model with what is known of its calls by now. */
export interface ModelRow {
  readonly model: Model;
  readonly calls: CallFigures | undefined;
  readonly score: ScoreFigures | undefined;
  readonly drift: DriftFigures | undefined;
}

/** Columns whose figures are read apart from the model. */
export const callColumns: readonly string[] = ["calls", "last"];
export const scoreColumns: readonly string[] = ["accuracy"];
export const driftColumns: readonly string[] = ["drift"];

export const modelColumns: readonly TableColumn<ModelRow>[] = [
  {
    id: "name",
    title: "Model",
    value: ({ model }) => model.name,
    cell: ({ model: { name, description } }) => (
      <>
        <Link className={styles.link} to="/models/$name" params={{ name }}>
          {name}
        </Link>
        {description && <div className={styles.description}>{description}</div>}
      </>
    ),
  },
  {
    id: "state",
    title: "State",
    value: ({ model }) => model.deployment?.status ?? "not deployed",
    cell: ({ model }) => <DeploymentState status={model.deployment?.status} />,
  },
  {
    id: "build",
    title: "Build",
    value: ({ model }) => model.deployment?.build ?? null,
    cell: ({ model: { deployment } }) =>
      deployment ? <code title={deployment.build}>{deployment.build.slice(0, 7)}</code> : "–",
  },
  {
    id: "replicas",
    title: "Replicas",
    number: true,
    value: ({ model }) => model.deployment?.replicas ?? null,
    cell: ({ model: { deployment } }) => (deployment ? `${deployment.readyReplicas} of ${deployment.replicas}` : "–"),
  },
  {
    id: "calls",
    title: "Calls",
    number: true,
    value: ({ calls }) => calls?.calls ?? null,
    cell: ({ model }) => <Calls model={model.name} />,
  },
  {
    id: "accuracy",
    title: "Accuracy",
    number: true,
    value: ({ score }) => score?.accuracy ?? null,
    cell: ({ model }) => <Accuracy model={model.name} />,
  },
  {
    id: "drift",
    title: "Drift",
    value: ({ drift }) => drift?.drifted ?? null,
    cell: ({ model }) => <DriftState model={model.name} />,
  },
  {
    id: "last",
    title: "Last call",
    number: true,
    value: ({ calls }) => calls?.lastAt ?? null,
    cell: ({ model }) => <LastCall model={model.name} />,
  },
];

function Calls({ model }: { model: string }) {
  const { data, error } = useQuery(callFigures(model));
  return shown(data, error, ({ calls }) => count(calls));
}

function LastCall({ model }: { model: string }) {
  const { data, error } = useQuery(callFigures(model));
  return shown(data, error, ({ lastAt }) => (lastAt === null ? "never" : <When time={lastAt} />));
}

function Accuracy({ model }: { model: string }) {
  const { data, error } = useQuery(scoreFigures(model));
  return shown(data, error, ({ accuracy, alerted }) => {
    if (accuracy === null) return "–";
    if (!alerted) return threeDigits(accuracy);
    return <State tone="warning" word={threeDigits(accuracy)} title="The latest window raised an alert" />;
  });
}

function DriftState({ model }: { model: string }) {
  const { data, error } = useQuery(driftFigures(model));
  return shown(data, error, ({ drifted, features }) => {
    if (drifted === null) return "–";
    if (drifted === 0) return <State tone="good" word="none" />;
    return <State tone="warning" word={`${drifted} of ${features}`} title="Features that drifted" />;
  });
}

function shown<T>(data: T | undefined, error: Error | null, show: (data: T) => ReactNode): ReactNode {
  if (data !== undefined) return show(data);
  return error ? (
    <span title={error.message}>not known</span>
  ) : (
    <Skeleton height={14} width={48} display="inline-block" />
  );
}
