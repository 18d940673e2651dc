// What a job is set to.
import { Link } from "@tanstack/react-router";
import type { Job } from "../../../../lib/contract/job.ts";
import card from "../../parts/card.module.css";
import { Card } from "../../parts/card.tsx";
import facts from "../../parts/facts.module.css";
import { JsonBox } from "../../parts/json-box.tsx";
import { labHref } from "../../parts/notebooks.ts";
import { counted, duration } from "../../parts/numbers.ts";
import { scheduleWords } from "../jobs/schedule-words.ts";

export function JobSettings({ job }: { job: Job }) {
  const { file, schedule, after, timeoutSeconds, retries, retryDelaySeconds, overlap, kernel, parameters } = job;
  const notebook = file.endsWith(".ipynb");
  return (
    <Card title="What it runs">
      <div className={card.body}>
        <dl className={facts.facts}>
          <dt>{notebook ? "Notebook" : "Script"}</dt>
          <dd>
            <a href={labHref(file)}>{file}</a>
          </dd>
          {notebook && (
            <>
              <dt>Kernel</dt>
              <dd>{kernel}</dd>
            </>
          )}
          <dt>Schedule</dt>
          <dd>
            {schedule ? (
              <span>
                {scheduleWords(schedule)} <code>{schedule.cron}</code>
              </span>
            ) : (
              "none: by hand"
            )}
          </dd>
          <dt>Runs after</dt>
          <dd>
            {after.length === 0
              ? "no other job"
              : after.map((name) => (
                  <Link key={name} to="/jobs/$name" params={{ name }}>
                    {name}
                  </Link>
                ))}
          </dd>
          <dt>Time limit</dt>
          <dd>{timeoutSeconds === null ? "none" : duration(timeoutSeconds * 1000)}</dd>
          <dt>Retries</dt>
          <dd>
            {retries === 0
              ? "none"
              : `${counted(retries, "retry").replace("retrys", "retries")}, the first after ${duration(retryDelaySeconds * 1000)}`}
          </dd>
          <dt>While one runs</dt>
          <dd>{overlaps[overlap]}</dd>
          {job.arguments.length > 0 && (
            <>
              <dt>Arguments</dt>
              <dd>
                <code>{job.arguments.join(" ")}</code>
              </dd>
            </>
          )}
        </dl>
        {Object.keys(parameters).length > 0 && (
          <>
            <h3 className={facts.title}>Parameters</h3>
            <JsonBox label="Parameters" text={JSON.stringify(parameters, null, 2)} />
          </>
        )}
      </div>
    </Card>
  );
}

const overlaps: Readonly<Record<Job["overlap"], string>> = {
  queue: "another waits",
  skip: "another is skipped",
  parallel: "another runs beside it",
};
