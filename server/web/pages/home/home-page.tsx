// Home: is everything well, and what is running?
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApplicationEvents } from "../../parts/application-events.ts";
import { applicationsQuery } from "../../parts/application-queries.ts";
import { Card, Empty } from "../../parts/card.tsx";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useJobEvents } from "../../parts/job-events.ts";
import { jobRunsQuery, jobsQuery } from "../../parts/job-queries.ts";
import { Fact, PageHead } from "../../parts/page-head.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import { modelsQuery } from "../../parts/queries.ts";
import { RunTable } from "../../parts/run-table.tsx";
import { State } from "../../parts/state.tsx";
import { ApplicationsGlance } from "./applications-glance.tsx";
import styles from "./home-page.module.css";
import { ModelsGlance } from "./models-glance.tsx";
import { NotebooksGlance } from "./notebooks-glance.tsx";
import { Pipeline } from "./pipeline.tsx";
import { verdictOf } from "./verdict.ts";

const runsShown = 8;

export function HomePage() {
  usePageTitle("Home");
  const jobs = useJobEvents();
  const applications = useApplicationEvents();
  return (
    <>
      <ConnectionBanner connection={jobs === "lost" || applications === "lost" ? "lost" : "open"} />
      <Head />
      <div className={styles.page}>
        <Pipeline />
        <ModelsGlance />
        <ApplicationsGlance />
        <RecentRuns />
        <NotebooksGlance />
      </div>
    </>
  );
}

function Head() {
  const models = useQuery(modelsQuery);
  const jobs = useQuery(jobsQuery);
  const applications = useQuery(applicationsQuery);
  const read = [models, jobs, applications].every(({ isPending }) => !isPending);
  const verdict = read && verdictOf({ models: models.data, jobs: jobs.data, applications: applications.data });
  return (
    <PageHead
      title="Home"
      state={verdict && <State tone={verdict.tone} word={verdict.word} />}
      facts={<Fact>{verdict ? verdict.sentence : " "}</Fact>}
    />
  );
}

function RecentRuns() {
  const { data, error, refetch } = useInfiniteQuery(jobRunsQuery({}, runsShown));
  const runs = data?.pages[0]?.items.slice(0, runsShown);
  return (
    <Card title="Recent job runs" more={<Link to="/jobs">All jobs</Link>}>
      {error && !runs && <FailureOf what="The job runs could not be read" error={error} onRetry={refetch} />}
      {!runs && !error && <Skeleton height={200} />}
      {runs?.length === 0 && (
        <Empty>
          No job has run yet.{" "}
          <Link to="/jobs" search={{ create: true }}>
            New job
          </Link>
        </Empty>
      )}
      {runs && runs.length > 0 && <RunTable runs={runs} narrow />}
    </Card>
  );
}
