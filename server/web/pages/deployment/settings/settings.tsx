// What is set of a model: its replicas, its rules, its key, and its end. Loaded with its tab, hence a default export.
import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { Secret } from "../../../parts/secret.tsx";
import { currentOf, type TabProps } from "../tab-props.ts";
import { DeleteModel } from "./delete-model.tsx";
import { Rules } from "./rules.tsx";
import { Running } from "./running.tsx";
import { Scale } from "./scale.tsx";
import styles from "./settings.module.css";
import "../../../theme/drawer.css";

export default function Settings({ model, newest }: TabProps) {
  const [revealed, setRevealed] = useState(false);
  const current = currentOf({ model, newest });
  return (
    <div className={styles.settings}>
      <Setting
        title="Replicas"
        hint="Processes that answer calls. More of them answer more calls at a time; no call is lost when their number changes."
      >
        {current ? <Scale key={current.id} deployment={current} /> : <p>Nothing is deployed.</p>}
      </Setting>
      <Setting title="Rules" hint="A window or a drift on the wrong side of a rule raises an alert.">
        <Rules model={model.name} />
      </Setting>
      <Setting title="Access key" hint="Whoever has it may call this model.">
        <Secret text={model.accessKey} noun="access key" revealed={revealed} onReveal={setRevealed} />
      </Setting>
      <Setting
        title="Stop and start"
        hint="A stopped model keeps its builds, its address and what is known of its calls."
      >
        {current ? <Running deployment={current} /> : <p>Nothing is deployed.</p>}
      </Setting>
      <Setting title="Delete" hint="Its builds and deployments go; its predictions stay until their time has come.">
        <DeleteModel model={model} />
      </Setting>
    </div>
  );
}

function Setting({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <Paper component="section" className={styles.setting} aria-label={title}>
      <div>
        <h2>{title}</h2>
        <p className={styles.hint}>{hint}</p>
      </div>
      <div className={styles.control}>{children}</div>
    </Paper>
  );
}
