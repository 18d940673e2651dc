// The models at a glance: does each answer, how often was it called, how right was its last window?
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Model } from "../../../../lib/contract/model.ts";
import { Card, Empty } from "../../parts/card.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useModelEvents } from "../../parts/live.ts";
import { counted, percent, threeDigits } from "../../parts/numbers.ts";
import { modelsQuery } from "../../parts/queries.ts";
import row from "../../parts/row-link.module.css";
import { Sparkline } from "../../parts/sparkline.tsx";
import { DeploymentState, State } from "../../parts/state.tsx";
import styles from "./glance.module.css";
import { glanceQuery, lastWindowQuery } from "./glance-queries.ts";

/** More are on their own page; each one shown costs a connection. */
const mostShown = 2;

export function ModelsGlance() {
  const { data: models, error, refetch } = useQuery(modelsQuery);
  const shown = [...(models ?? [])].sort((a, b) => b.updatedAt - a.updatedAt).slice(0, mostShown);
  return (
    <Card title="Models" more={<Link to="/models">{models ? `All ${models.length}` : "All"}</Link>}>
      {error && !models && <FailureOf what="The models could not be read" error={error} onRetry={refetch} />}
      {!models && !error && <Skeleton height={120} />}
      {models?.length === 0 && <Empty>No model deployed yet. The example pipeline deploys one.</Empty>}
      {shown.map((model) => (
        <ModelGlance key={model.id} model={model} />
      ))}
    </Card>
  );
}

function ModelGlance({ model: { name, deployment } }: { model: Model }) {
  useModelEvents(name);
  const { data: series } = useQuery(glanceQuery(name));
  const { data: windows } = useQuery(lastWindowQuery(name));
  const accuracy = windows?.windows.at(-1)?.metrics["accuracy"];
  const alerts = windows?.alerts.length ?? 0;
  return (
    <div className={`${styles.item} ${row.row}`}>
      <div className={styles.names}>
        <Link className={row.link} to="/models/$name" params={{ name }}>
          {name}
        </Link>
        <DeploymentState status={deployment?.status} />
        {alerts > 0 && <State tone="warning" word={counted(alerts, "alert")} />}
      </div>
      <div className={styles.figures}>
        <span>{series ? callsOf(series) : " "}</span>
        {typeof accuracy === "number" && <span>accuracy {threeDigits(accuracy)} in the last window</span>}
      </div>
      {series && <Sparkline values={series.buckets.calls} />}
    </div>
  );
}

function callsOf({ total, failed }: { total: number; failed: number }): string {
  if (total === 0) return "no calls yet";
  return failed === 0 ? counted(total, "call") : `${counted(total, "call")}, ${percent(failed, total)} failed`;
}
