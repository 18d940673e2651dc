// Stops or starts the deployment; a stop can be undone by the start that takes its place.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Deployment } from "../../../../../lib/contract/model.ts";
import { Confirm } from "../../../parts/confirm.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { DeploymentState } from "../../../parts/state.tsx";
import { useStart, useStop } from "../actions.ts";
import styles from "./settings.module.css";

export function Running({ deployment }: { deployment: Deployment }) {
  const { model, status } = deployment;
  const [asking, setAsking] = useState(false);
  const stop = useStop(deployment);
  const start = useStart(deployment);
  const runs = ["pending", "deploying", "deployed"].includes(status);
  return (
    <>
      <div className={styles.line}>
        <DeploymentState status={status} />
        {runs ? (
          <Button size="xs" variant="default" loading={stop.isPending} onClick={() => setAsking(true)}>
            Stop {model}
          </Button>
        ) : (
          <Button size="xs" loading={start.isPending} disabled={status === "stopping"} onClick={() => start.mutate()}>
            Start {model}
          </Button>
        )}
      </div>
      {start.error && !start.isPending && <FailureOf what={`${model} was not started`} error={start.error} />}
      {asking && (
        <Confirm
          title={`Stop ${model}?`}
          action={`Stop ${model}`}
          danger
          busy={stop.isPending}
          error={stop.error}
          onClose={() => setAsking(false)}
          onConfirm={() => stop.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          <p>Calls that are being answered are finished; later ones are refused with 503 until it is started again.</p>
        </Confirm>
      )}
    </>
  );
}
