// "Is everything well, and what is running?" in one sentence. Pure.
import type { Application } from "../../../../lib/contract/application.ts";
import type { Job } from "../../../../lib/contract/job.ts";
import type { Model } from "../../../../lib/contract/model.ts";
import { counted } from "../../parts/numbers.ts";

export interface Verdict {
  readonly tone: "good" | "warning" | "bad";
  readonly word: string;
  readonly sentence: string;
}

/** What could not be read is undefined. */
export interface Everything {
  readonly models: readonly Model[] | undefined;
  readonly jobs: readonly Job[] | undefined;
  readonly applications: readonly Application[] | undefined;
}

export function verdictOf(everything: Everything): Verdict {
  const { models = [], jobs = [], applications = [] } = everything;
  const running = jobs.filter(({ lastRun }) => lastRun?.status === "running").length;
  const problems = [
    ...named(
      "model",
      models.filter(({ deployment }) => deployment?.status === "failed" || deployment?.problem),
    ),
    ...named(
      "application",
      applications.filter(({ status }) => status === "failed" || status === "restarting"),
    ),
    ...named(
      "job",
      jobs.filter(({ lastRun }) => lastRun?.status === "failed" || lastRun?.status === "timed_out"),
    ),
  ];
  const facts = [
    counted(models.filter(({ deployment }) => deployment?.status === "deployed").length, "model") + " deployed",
    counted(applications.filter(({ status }) => status === "running").length, "application") + " running",
    running === 0 ? "no job running" : `${counted(running, "job")} running`,
  ];
  const sentence = `${facts.join(", ")}.`;
  if (problems.length > 0) return { tone: "bad", word: `Look at ${problems.join(", ")}`, sentence };
  const unread = Object.values(everything).includes(undefined);
  if (unread) return { tone: "warning", word: "Not all could be read", sentence };
  return { tone: "good", word: "All is well", sentence };
}

function named(noun: string, things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => `${noun} ${name}`);
}
