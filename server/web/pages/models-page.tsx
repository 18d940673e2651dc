// All models of the project: is each one answering? A row leads to its page.
import { Paper, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Model } from "../../../lib/contract/model.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { FailureOf } from "../parts/failure.tsx";
import { counted } from "../parts/numbers.ts";
import { usePageTitle } from "../parts/page-title.ts";
import { modelsQuery } from "../parts/queries.ts";
import { DeploymentState } from "../parts/state.tsx";
import table from "../parts/table.module.css";
import { When } from "../parts/when.tsx";
import styles from "./models-page.module.css";

const deployCommand = "npx cellwright deploy notebooks/5_model_serve.ipynb --function explain --name churn";

export function ModelsPage() {
  usePageTitle("Models");
  const { data: models, error, refetch } = useQuery(modelsQuery);
  return (
    <>
      <h1 className={styles.title}>Models</h1>
      {error && !models && <FailureOf what="The models could not be read" error={error} onRetry={refetch} />}
      {!models && !error && <Skeleton height={180} />}
      {models?.length === 0 && <NoModels />}
      {models !== undefined && models.length > 0 && <ModelTable models={models} />}
    </>
  );
}

function NoModels() {
  return (
    <Paper className={styles.empty}>
      <p>No model deployed yet. Deploy an exported function of a notebook:</p>
      <div className={styles.command}>
        <code>{deployCommand}</code>
        <CopyButton text={deployCommand} label="Copy command" />
      </div>
    </Paper>
  );
}

function ModelTable({ models }: { models: readonly Model[] }) {
  return (
    <Paper className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th>Model</th>
            <th>State</th>
            <th>Build</th>
            <th className={table.number}>Replicas</th>
            <th className={table.number}>Changed</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ name, description, deployment, updatedAt }) => (
            <tr key={name} className={styles.row}>
              <td>
                <Link className={styles.link} to="/models/$name" params={{ name }}>
                  {name}
                </Link>
                {description && <div className={styles.description}>{description}</div>}
              </td>
              <td>
                <DeploymentState status={deployment?.status} />
              </td>
              <td>{deployment ? <code title={deployment.build}>{deployment.build.slice(0, 7)}</code> : "–"}</td>
              <td className={table.number}>
                {deployment ? `${deployment.readyReplicas} of ${deployment.replicas}` : "–"}
              </td>
              <td className={table.number}>
                <When time={deployment?.updatedAt ?? updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
        <caption>{counted(models.length, "model")}</caption>
      </table>
    </Paper>
  );
}
