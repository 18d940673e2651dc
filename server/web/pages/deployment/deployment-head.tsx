// Title with state: what answers calls now, from which build, with how many replicas, and what is on its way.
import type { Deployment, Model } from "../../../../lib/contract/model.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { DeploymentState } from "../../parts/state.tsx";
import { When } from "../../parts/when.tsx";
import styles from "./deployment-head.module.css";

export interface DeploymentHeadProps {
  readonly model: Model;
  /** The one asked for last; undefined while it is read. */
  readonly newest: Deployment | undefined;
}

export function DeploymentHead({ model, newest }: DeploymentHeadProps) {
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
