// How to call this model: its endpoint and key, a panel to try it here, and the same call in three languages.
import { Paper, Tabs } from "@mantine/core";
import { useState } from "react";
import { curlSnippet, pythonSnippet, typescriptSnippet } from "../../../../../lib/contract/call-snippets.ts";
import type { Model } from "../../../../../lib/contract/model.ts";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { hiddenKey, Secret } from "../../../parts/secret.tsx";
import styles from "./call-card.module.css";
import { TestPanel } from "./test-panel.tsx";

const languages = [
  { name: "curl", write: curlSnippet },
  { name: "TypeScript", write: typescriptSnippet },
  { name: "Python", write: pythonSnippet },
] as const;

export function CallCard({ model }: { model: Model }) {
  const [revealed, setRevealed] = useState(false);
  const endpoint = `${window.location.origin}/model`;
  const call = { endpoint, accessKey: model.accessKey, request: model.deployment?.example ?? {} };
  const shown = { ...call, accessKey: revealed ? model.accessKey : hiddenKey };

  return (
    <Paper component="section" className={styles.card} aria-labelledby="call-title">
      <h2 id="call-title" className={styles.title}>
        Call this model
      </h2>
      <dl className={styles.facts}>
        <dt>Endpoint</dt>
        <dd>
          <code>{endpoint}</code>
          <CopyButton text={endpoint} label="Copy endpoint" />
        </dd>
        <dt>Access key</dt>
        <dd>
          <Secret text={model.accessKey} noun="access key" revealed={revealed} onReveal={setRevealed} />
        </dd>
      </dl>
      <Tabs defaultValue="test" keepMounted={false}>
        <Tabs.List className={styles.tabs}>
          <Tabs.Tab value="test">Test</Tabs.Tab>
          {languages.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="test" className={styles.panel} keepMounted>
          <TestPanel model={model} />
        </Tabs.Panel>
        {languages.map(({ name, write }) => (
          <Tabs.Panel key={name} value={name} className={styles.panel}>
            <CodeBlock label={`${name} snippet`} shown={write(shown)} copied={write(call)} />
            {!revealed && <p className={styles.note}>The key is masked here; a copy has it.</p>}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}
