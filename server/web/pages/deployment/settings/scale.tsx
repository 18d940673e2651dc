// How many replicas answer, and how many are ready yet.
import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { Deployment } from "../../../../../lib/contract/model.ts";
import { FailureOf } from "../../../parts/failure.tsx";
import { counted } from "../../../parts/numbers.ts";
import { useScale } from "../actions.ts";
import styles from "./settings.module.css";

/** As the server's contract allows. */
const [least, most] = [1, 64];

export function Scale({ deployment }: { deployment: Deployment }) {
  const { replicas, readyReplicas, status } = deployment;
  const [wanted, setWanted] = useState<number>();
  const { mutate, isPending, error } = useScale(deployment);
  const shown = wanted ?? replicas;
  const running = ["pending", "deploying", "deployed"].includes(status);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate(shown, { onSuccess: () => setWanted(undefined) });
      }}
    >
      <div className={styles.line}>
        <NumberInput
          size="xs"
          className={styles.number}
          aria-label="Replicas"
          min={least}
          max={most}
          allowDecimal={false}
          clampBehavior="strict"
          disabled={!running}
          value={shown}
          onChange={(value) => typeof value === "number" && setWanted(value)}
        />
        <Button type="submit" size="xs" loading={isPending} disabled={!running || shown === replicas}>
          Scale to {shown}
        </Button>
        <span className={styles.fact} role="status">
          {running ? `${readyReplicas} of ${counted(replicas, "replica")} ready` : `${status}; start it first`}
        </span>
      </div>
      {error && !isPending && <FailureOf what={`It was not scaled to ${shown}`} error={error} />}
    </form>
  );
}
