// The state of a run, of one of its cells, and of an application: each word with the colour and icon it has everywhere.
import { IconPlayerPlay, IconPlayerSkipForward, IconPlayerStop, type TablerIcon } from "@tabler/icons-react";
import type { ApplicationStatus } from "../../../lib/contract/application.ts";
import type { JobCell, JobRunStatus } from "../../../lib/contract/job.ts";
import { State, type Tone } from "./state.tsx";

interface Look {
  readonly tone: Tone;
  readonly word: string;
  readonly Icon?: TablerIcon;
}

export function JobRunState({ status }: { status: JobRunStatus }) {
  return <State {...runLooks[status]} />;
}

export function CellState({ status }: { status: JobCell["status"] }) {
  return <State {...cellLooks[status]} />;
}

export function ApplicationState({ status }: { status: ApplicationStatus }) {
  return <State {...applicationLooks[status]} />;
}

const runLooks: Readonly<Record<JobRunStatus, Look>> = {
  queued: { tone: "waiting", word: "queued" },
  running: { tone: "good", word: "running", Icon: IconPlayerPlay },
  succeeded: { tone: "good", word: "succeeded" },
  failed: { tone: "bad", word: "failed" },
  timed_out: { tone: "bad", word: "timed out" },
  stopped: { tone: "still", word: "stopped", Icon: IconPlayerStop },
  skipped: { tone: "still", word: "skipped", Icon: IconPlayerSkipForward },
};

const cellLooks: Readonly<Record<JobCell["status"], Look>> = {
  waiting: { tone: "still", word: "waiting" },
  running: { tone: "good", word: "running", Icon: IconPlayerPlay },
  ok: { tone: "good", word: "ran" },
  failed: { tone: "bad", word: "failed" },
  "timed-out": { tone: "bad", word: "timed out" },
  died: { tone: "bad", word: "kernel died" },
  cancelled: { tone: "still", word: "not run", Icon: IconPlayerSkipForward },
};

const applicationLooks: Readonly<Record<ApplicationStatus, Look>> = {
  starting: { tone: "waiting", word: "starting" },
  running: { tone: "good", word: "running" },
  restarting: { tone: "warning", word: "restarting" },
  stopping: { tone: "still", word: "stopping" },
  stopped: { tone: "still", word: "stopped", Icon: IconPlayerStop },
  failed: { tone: "bad", word: "failed" },
};
