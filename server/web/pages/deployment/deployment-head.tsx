// Title with state: what answers calls now, from which build, with how many replicas, and what is on its way.
import type { Deployment, Model } from "../../../../lib/contract/model.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { DeploymentState } from "../../parts/state.tsx";
import { When } from "../../parts/when.tsx";
import styles from "./deployment-head.module.css";

export interface DeploymentHeadProps {
  readonly model: Model;
  /** All of the model, in any order; undefined while they are read. */
  readonly deployments: readonly Deployment[] | undefined;
}

export function DeploymentHead({ model, deployments }: DeploymentHeadProps) {
  const newest = newestOf(deployments);
  const shown = model.deployment ?? newest;
  const other = newest && newest.id !== shown?.id ? newest : undefined;
  return (
    <div>
      <div className={styles.line}>
        <h1 className={styles.name}>{model.name}</h1>
        <DeploymentState status={shown?.status} />
      </div>
      {model.description && <p className={styles.description}>{model.description}</p>}
      {shown && (
        <ul className={styles.facts}>
          <li>
            build <code title={shown.build}>{shown.build.slice(0, 7)}</code>
            <CopyButton text={shown.build} label="Copy build id" />
          </li>
          <li>
            {shown.readyReplicas} of {shown.replicas} {shown.replicas === 1 ? "replica" : "replicas"} ready
          </li>
          <li>
            changed <When time={shown.updatedAt} />
          </li>
        </ul>
      )}
      {shown?.problem && <p className={styles.problem}>{shown.problem}</p>}
      {other && ["pending", "deploying", "failed"].includes(other.status) && (
        <p className={styles.other}>
          <DeploymentState status={other.status} /> build <code>{other.build.slice(0, 7)}</code>
          {other.problem && `: ${other.problem}`}
        </p>
      )}
    </div>
  );
}

function newestOf(deployments: readonly Deployment[] | undefined): Deployment | undefined {
  return deployments?.reduce<Deployment | undefined>(
    (newest, deployment) => (!newest || deployment.createdAt > newest.createdAt ? deployment : newest),
    undefined,
  );
}
