// The cells of a run in the order they run, each with its state and time.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { JobCell, JobRun } from "../../../../lib/contract/job.ts";
import { Card, Empty } from "../../parts/card.tsx";
import { Elapsed } from "../../parts/elapsed.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { jobCellsQuery } from "../../parts/job-queries.ts";
import { duration } from "../../parts/numbers.ts";
import { hasEnded } from "../../parts/run-updates.ts";
import { ScrollBox } from "../../parts/scroll-box.tsx";
import { CellState } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import styles from "./cells.module.css";

export function Cells({ run }: { run: JobRun }) {
  const { data: cells, error, refetch } = useQuery(jobCellsQuery(run.id));
  return (
    <Card title="Cells">
      {error && !cells && <FailureOf what="The cells could not be read" error={error} onRetry={refetch} />}
      {!cells && !error && <Skeleton height={320} />}
      {cells?.length === 0 && (
        <Empty>
          {hasEnded(run) || !run.file.endsWith(".ipynb")
            ? "A script has no cells."
            : "They are listed when the run starts."}
        </Empty>
      )}
      {cells && cells.length > 0 && (
        <ScrollBox label="Cells" className={`${table.scroll} ${styles.scroll}`}>
          <table className={table.table}>
            <thead>
              <tr>
                <th className={table.number}>Cell</th>
                <th>State</th>
                <th className={table.number}>Took</th>
                <th>First line</th>
              </tr>
            </thead>
            <tbody>
              {cells.map((cell) => (
                <tr key={cell.position} aria-current={cell.status === "running" ? "step" : undefined}>
                  <td className={table.number}>{cell.position}</td>
                  <td>
                    <CellState status={cell.status === "waiting" && hasEnded(run) ? "cancelled" : cell.status} />
                  </td>
                  <td className={table.number}>{tookOf(cell)}</td>
                  <td className={styles.code}>
                    <code title={`${cell.id}: ${cell.firstLine}`}>{cell.firstLine}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Card>
  );
}

function tookOf({ status, startedAt, ms }: JobCell) {
  if (status === "running") return startedAt === undefined ? "–" : <Elapsed from={startedAt} />;
  return ms === undefined || status === "waiting" ? "–" : duration(ms);
}
