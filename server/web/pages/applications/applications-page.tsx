// All applications: is each one up, and where is it? A row leads to its page.
import { Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Application } from "../../../../lib/contract/application.ts";
import { isUp, useApplicationAction } from "../../parts/application-actions.ts";
import { useApplicationEvents } from "../../parts/application-events.ts";
import { applicationsQuery } from "../../parts/application-queries.ts";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { counted } from "../../parts/numbers.ts";
import { OpenApplication } from "../../parts/open-application.tsx";
import { PageHead } from "../../parts/page-head.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import row from "../../parts/row-link.module.css";
import { ApplicationState } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import { When } from "../../parts/when.tsx";
import jobs from "../jobs/jobs-page.module.css";
import styles from "./applications-page.module.css";

const ApplicationDialog = lazy(async () => ({ default: (await import("./application-dialog.tsx")).ApplicationDialog }));
const route = getRouteApi("/applications");

export function ApplicationsPage() {
  usePageTitle("Applications");
  const connection = useApplicationEvents();
  const { create } = route.useSearch();
  const navigate = useNavigate();
  const { data: applications, error, refetch } = useQuery(applicationsQuery);
  const setCreate = (open: boolean) =>
    navigate({ to: "/applications", search: open ? { create: true } : {}, replace: !open, resetScroll: false });
  return (
    <>
      <ConnectionBanner connection={connection} />
      <PageHead title="Applications">
        <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setCreate(true)}>
          New application
        </Button>
      </PageHead>
      {error && !applications && (
        <FailureOf what="The applications could not be read" error={error} onRetry={refetch} />
      )}
      {!applications && !error && <Skeleton height={200} />}
      {applications?.length === 0 && (
        <p className={jobs.empty}>
          No application yet. Any program that listens on the port in CELLWRIGHT_APP_PORT can be one, in any web
          framework.
        </p>
      )}
      {applications && applications.length > 0 && <ApplicationTable applications={applications} />}
      <Suspense>
        {create && (
          <ApplicationDialog
            onClose={() => setCreate(false)}
            onSaved={({ name }) => navigate({ to: "/applications/$name", params: { name } })}
          />
        )}
      </Suspense>
    </>
  );
}

function ApplicationTable({ applications }: { applications: readonly Application[] }) {
  return (
    <section className={table.scroll} aria-label="Applications">
      <table className={table.table}>
        <thead>
          <tr>
            <th>Application</th>
            <th>State</th>
            <th>Address</th>
            <th className={table.number}>Started</th>
            <th>Actions</th>
          </tr>
        </thead>
        <tbody>
          {applications.map((application) => (
            <ApplicationRow key={application.id} application={application} />
          ))}
        </tbody>
        <caption>{counted(applications.length, "application")}</caption>
      </table>
    </section>
  );
}

function ApplicationRow({ application }: { application: Application }) {
  const { name, description, file, status, problem, url, startedAt } = application;
  const { mutate, isPending } = useApplicationAction(name);
  const up = isUp(application);
  return (
    <tr className={row.row}>
      <td>
        <Link className={row.link} to="/applications/$name" params={{ name }}>
          {name}
        </Link>
        <div className={row.description}>{description || file}</div>
      </td>
      <td>
        <ApplicationState status={status} />
        {problem && <div className={styles.problem}>{problem}</div>}
      </td>
      <td>
        <code>{url.replace(/^https?:\/\//, "")}</code>
      </td>
      <td className={table.number}>{startedAt === undefined ? "–" : <When time={startedAt} />}</td>
      <td>
        <span className={`${row.above} ${styles.actions}`}>
          <OpenApplication application={application} compact />
          <Button
            size="compact-sm"
            variant="default"
            loading={isPending}
            aria-label={`${up ? "Stop" : "Start"} ${name}`}
            onClick={() => mutate(up ? "stop" : "start")}
          >
            {up ? "Stop" : "Start"}
          </Button>
          {up && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Restart ${name}`}
              onClick={() => mutate("restart")}
            >
              Restart
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}
