// The rules of a model: added in a line, removed with a way back for ten seconds.
import { ActionIcon, Button, NativeSelect, NumberInput, Skeleton, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import type { MonitorRule } from "../../../../../lib/contract/monitoring.ts";
import { FailureOf } from "../../../parts/failure.tsx";
import { useAddRule, useRemoveRule } from "../actions.ts";
import { windowsQuery } from "../queries.ts";
import styles from "./settings.module.css";

const undoMs = 10_000;

export function Rules({ model }: { model: string }) {
  const { data, error, refetch } = useQuery(windowsQuery(model, { kind: "all" }));
  const remove = useRemoveRule(model);
  const add = useAddRule(model);
  const [removed, setRemoved] = useState<MonitorRule>();

  useEffect(() => {
    if (!removed) return;
    const timer = window.setTimeout(() => setRemoved(undefined), undoMs);
    return () => window.clearTimeout(timer);
  }, [removed]);

  if (error && !data) return <FailureOf what="The rules could not be read" error={error} onRetry={refetch} />;
  if (!data) return <Skeleton height={64} />;
  return (
    <>
      {data.rules.length === 0 && <p className={styles.fact}>No rule yet.</p>}
      <ul className={styles.rules}>
        {data.rules.map((rule) => (
          <li key={rule.id}>
            {textOf(rule)}
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Remove rule ${textOf(rule)}`}
              title="Remove"
              onClick={() => remove.mutate(rule, { onSuccess: () => setRemoved(rule) })}
            >
              <IconTrash size={15} stroke={1.6} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <div role="status" className={styles.undo}>
        {removed && (
          <>
            Rule removed: {textOf(removed)}.
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                add.mutate(
                  { metric: removed.metric, when: removed.when, threshold: removed.threshold },
                  { onSuccess: () => setRemoved(undefined) },
                )
              }
            >
              Undo
            </Button>
          </>
        )}
      </div>
      {remove.error && <FailureOf what="The rule was not removed" error={remove.error} />}
      <NewRule model={model} metrics={[...new Set(data.windows.flatMap(({ metrics }) => Object.keys(metrics)))]} />
    </>
  );
}

function NewRule({ model, metrics }: { model: string; metrics: readonly string[] }) {
  const [metric, setMetric] = useState("accuracy");
  const [when, setWhen] = useState<MonitorRule["when"]>("below");
  const [threshold, setThreshold] = useState<number>();
  const { mutate, isPending, error } = useAddRule(model);
  const ready = metric.trim() !== "" && threshold !== undefined;

  function add(event: FormEvent): void {
    event.preventDefault();
    if (ready) mutate({ metric: metric.trim(), when, threshold }, { onSuccess: () => setThreshold(undefined) });
  }

  return (
    <form onSubmit={add}>
      <div className={styles.line}>
        <TextInput
          size="xs"
          aria-label="Metric"
          list="known-metrics"
          value={metric}
          onChange={(event) => setMetric(event.currentTarget.value)}
        />
        <datalist id="known-metrics">
          {[...new Set([...metrics, "accuracy", "drift"])].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <NativeSelect
          size="xs"
          aria-label="Side"
          data={["below", "above"]}
          value={when}
          onChange={(event) => setWhen(event.currentTarget.value as MonitorRule["when"])}
        />
        <NumberInput
          size="xs"
          className={styles.number}
          aria-label="Threshold"
          placeholder="0.75"
          step={0.01}
          hideControls
          value={threshold ?? ""}
          onChange={(value) => setThreshold(typeof value === "number" ? value : undefined)}
        />
        <Button type="submit" size="xs" variant="default" loading={isPending} disabled={!ready}>
          Add rule
        </Button>
      </div>
      {error && !isPending && <FailureOf what="The rule was not added" error={error} />}
    </form>
  );
}

function textOf({ metric, when, threshold }: MonitorRule): string {
  return `alert when ${metric} is ${when} ${threshold}`;
}
