// The plots' place while there is nothing to plot: how to make the first call, or where the calls are.
import { Button, Paper } from "@mantine/core";
import { curlSnippet } from "../../../../../lib/contract/call-snippets.ts";
import type { Model } from "../../../../../lib/contract/model.ts";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { hiddenKey } from "../../../parts/secret.tsx";
import type { TimeRange } from "../../../parts/time-range.ts";
import styles from "./no-calls.module.css";

export interface NoCallsProps {
  readonly model: Model;
  readonly range: TimeRange;
  onShowAll(): void;
}

export function NoCalls({ model, range, onShowAll }: NoCallsProps) {
  if (range.kind !== "all")
    return (
      <Paper className={styles.card}>
        <h2>No calls in this range</h2>
        <p>Earlier ones may be outside of it.</p>
        <Button variant="default" onClick={onShowAll}>
          Show all calls
        </Button>
      </Paper>
    );
  const call = { endpoint: `${window.location.origin}/model`, request: model.deployment?.example ?? {} };
  return (
    <Paper className={styles.card}>
      <h2>No calls yet</h2>
      <p>Plots appear with the first one. Call the model from the test panel, or from a terminal:</p>
      <CodeBlock
        label="curl"
        shown={curlSnippet({ ...call, accessKey: hiddenKey })}
        copied={curlSnippet({ ...call, accessKey: model.accessKey })}
      />
    </Paper>
  );
}
