// Which job comes after which: a drawing from left to right, and the same as a list for those who do not see it.
import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Job, JobRunStatus } from "../../../../lib/contract/job.ts";
import { Card } from "../../parts/card.tsx";
import { ScrollBox } from "../../parts/scroll-box.tsx";
import styles from "./job-graph.module.css";
import { layJobs, type PlacedJob } from "./job-layers.ts";

const box = { width: 150, height: 30, right: 46, below: 12 } as const;

export function JobGraph({ jobs }: { jobs: readonly Job[] }) {
  const { placed, edges, columns, rows } = layJobs(jobs);
  if (edges.length === 0) return null;
  const width = columns * (box.width + box.right) - box.right + 2;
  const height = rows * (box.height + box.below) - box.below + 2;
  return (
    <Card title="Which job comes after which">
      <ScrollBox label="Drawing of dependent jobs" className={styles.scroll}>
        <svg width={width} height={height} viewBox={`-1 -1 ${width} ${height}`} aria-hidden="true">
          <defs>
            <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path className={styles.tip} d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {edges.map(({ from, to }) => (
            <path key={`${from.name} ${to.name}`} className={styles.edge} d={curve(from, to)} markerEnd="url(#tip)" />
          ))}
          {placed.map((job) => (
            <g key={job.name} transform={`translate(${left(job)} ${top(job)})`}>
              <Link className={styles.link} to="/jobs/$name" params={{ name: job.name }} tabIndex={-1}>
                <title>{job.name}</title>
                <rect
                  className={`${styles.node} ${styles[toneOf(jobs, job.name)]}`}
                  width={box.width}
                  height={box.height}
                  rx="4"
                />
                <text className={styles.name} x={10} y={box.height / 2 + 4}>
                  {shortened(job.name)}
                </text>
              </Link>
            </g>
          ))}
        </svg>
      </ScrollBox>
      <VisuallyHidden>
        <ul>
          {jobs
            .filter(({ after }) => after.length > 0)
            .map(({ name, after }) => (
              <li key={name}>
                {name} runs after {after.join(" and ")}
              </li>
            ))}
        </ul>
      </VisuallyHidden>
    </Card>
  );
}

function left({ column }: PlacedJob): number {
  return column * (box.width + box.right);
}

function top({ row }: PlacedJob): number {
  return row * (box.height + box.below);
}

function curve(from: PlacedJob, to: PlacedJob): string {
  const [x1, y1] = [left(from) + box.width, top(from) + box.height / 2];
  const [x2, y2] = [left(to) - 1, top(to) + box.height / 2];
  const bend = Math.min(box.right / 2, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function shortened(name: string): string {
  return name.length <= 20 ? name : `${name.slice(0, 19)}…`;
}

function toneOf(jobs: readonly Job[], name: string): string {
  const status = jobs.find((job) => job.name === name)?.lastRun?.status;
  return status ? tones[status] : "";
}

const tones: Readonly<Record<JobRunStatus, string>> = {
  queued: "waiting",
  running: "good",
  succeeded: "good",
  failed: "bad",
  timed_out: "bad",
  stopped: "",
  skipped: "",
};
