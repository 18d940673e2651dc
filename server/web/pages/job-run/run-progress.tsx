// How far a run is: cells that ran of all, and the one under way.
import type { JobRun } from "../../../../lib/contract/job.ts";
import { counted } from "../../parts/numbers.ts";
import { Progress } from "../../parts/progress.tsx";
import styles from "./run-progress.module.css";

export function RunProgress({ run }: { run: JobRun }) {
  const { status, ran, cells, current } = run;
  const tone = status === "failed" || status === "timed_out" ? "bad" : status === "stopped" ? "still" : "good";
  if (cells === 0 && status !== "queued") return null;
  return (
    <div className={styles.progress}>
      <Progress done={ran} of={cells} label="Cells that ran" tone={tone} />
      <p className={styles.words}>
        {status === "running" && current ? (
          <>
            Cell {current.position} of {cells}: <code>{current.firstLine}</code>
          </>
        ) : status === "queued" ? (
          "Waiting for its turn."
        ) : (
          `${ran} of ${counted(cells, "cell")} ran.`
        )}
      </p>
    </div>
  );
}
