// The executed notebook as the run left it, its plots alive; in a sandbox, for its outputs are not ours.
import { Button } from "@mantine/core";
import { IconDownload, IconExternalLink } from "@tabler/icons-react";
import type { JobRun } from "../../../../lib/contract/job.ts";
import { Card } from "../../parts/card.tsx";
import { runPath } from "../../parts/job-queries.ts";
import { hasEnded } from "../../parts/run-updates.ts";
import styles from "./executed-notebook.module.css";

export function ExecutedNotebook({ run }: { run: JobRun }) {
  const path = runPath(run.id);
  return (
    <Card
      title="Executed notebook"
      className={styles.card}
      more={
        <span className={styles.actions}>
          <Button
            component="a"
            href={`${path}/html`}
            target="_blank"
            rel="noreferrer"
            size="compact-sm"
            variant="default"
            rightSection={<IconExternalLink size={14} stroke={1.7} />}
          >
            Open in a new tab
          </Button>
          <Button
            component="a"
            href={`${path}/notebook`}
            download
            size="compact-sm"
            variant="default"
            rightSection={<IconDownload size={14} stroke={1.7} />}
          >
            Download .ipynb
          </Button>
        </span>
      }
    >
      <iframe
        key={`${run.attempt} ${hasEnded(run)}`}
        className={styles.notebook}
        src={`${path}/html`}
        title={`Executed notebook ${run.file}`}
        sandbox="allow-scripts allow-popups"
        loading="lazy"
      />
    </Card>
  );
}
