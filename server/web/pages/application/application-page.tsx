// An application: is it up, what does it say, what is it set to?
import { Button, Skeleton } from "@mantine/core";
import { IconPencil, IconPlayerPlay, IconPlayerStop, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Application } from "../../../../lib/contract/application.ts";
import { ApiError, deleteAt } from "../../parts/api.ts";
import { isUp, useApplicationAction } from "../../parts/application-actions.ts";
import { dropApplication, useApplicationEvents } from "../../parts/application-events.ts";
import { applicationPath, applicationQuery } from "../../parts/application-queries.ts";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { DeleteDialog } from "../../parts/delete-dialog.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { NoticePage } from "../../parts/notice-page.tsx";
import { notify } from "../../parts/notices.tsx";
import { counted } from "../../parts/numbers.ts";
import { OpenApplication } from "../../parts/open-application.tsx";
import { Fact, PageHead } from "../../parts/page-head.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import { ApplicationState } from "../../parts/states.tsx";
import { useLog } from "../../parts/use-log.ts";
import { When } from "../../parts/when.tsx";
import { ApplicationLog } from "./application-log.tsx";
import styles from "./application-page.module.css";
import { ApplicationSettings } from "./application-settings.tsx";

const ApplicationDialog = lazy(async () => ({
  default: (await import("../applications/application-dialog.tsx")).ApplicationDialog,
}));
const route = getRouteApi("/applications/$name");

export function ApplicationPage() {
  const { name } = route.useParams();
  return <PageOf key={name} name={name} />;
}

function PageOf({ name }: { name: string }) {
  usePageTitle(name);
  const live = useLog(`${applicationPath(name)}/log`, 0); // the server itself leaves out what is long ago
  const connection = useApplicationEvents((logged) => (logged ?? name) === name && live.reread());
  const { data: application, error, refetch } = useQuery(applicationQuery(name));
  if (error instanceof ApiError && error.code === "not_found")
    return (
      <NoticePage title={`There is no application ${name}`}>
        <p>It may have another name, or was deleted.</p>
        <Link to="/applications">See all applications</Link>
      </NoticePage>
    );
  return (
    <>
      <ConnectionBanner connection={connection} />
      {error && !application && (
        <FailureOf what={`The application ${name} could not be read`} error={error} onRetry={refetch} />
      )}
      {!application && !error && <Skeleton height={420} />}
      {application && (
        <>
          <Head application={application} />
          {application.problem && <p className={styles.problem}>{application.problem}</p>}
          <div className={styles.columns}>
            <ApplicationLog name={name} live={live} />
            <ApplicationSettings application={application} />
          </div>
        </>
      )}
    </>
  );
}

function Head({ application }: { application: Application }) {
  const { name, description, status, startedAt, restarts } = application;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"settings" | "delete">();
  const { mutate, isPending, variables } = useApplicationAction(name);
  const close = () => setDialog(undefined);
  const up = isUp(application);
  return (
    <>
      <PageHead
        title={name}
        state={<ApplicationState status={status} />}
        description={description}
        facts={
          <>
            <Fact>
              {startedAt === undefined ? (
                "not running"
              ) : (
                <>
                  started <When time={startedAt} />
                </>
              )}
            </Fact>
            {restarts > 0 && <Fact>restarted {counted(restarts, "time")} by itself</Fact>}
          </>
        }
      >
        <OpenApplication application={application} />
        {up ? (
          <>
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} stroke={1.8} />}
              loading={isPending && variables === "restart"}
              onClick={() => mutate("restart")}
            >
              Restart
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={16} stroke={1.8} />}
              loading={isPending && variables === "stop"}
              onClick={() => mutate("stop")}
            >
              Stop
            </Button>
          </>
        ) : (
          <Button
            leftSection={<IconPlayerPlay size={16} stroke={1.8} />}
            loading={isPending}
            onClick={() => mutate("start")}
          >
            Start
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPencil size={16} stroke={1.8} />}
          onClick={() => setDialog("settings")}
        >
          Settings
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} stroke={1.8} />}
          onClick={() => setDialog("delete")}
        >
          Delete
        </Button>
      </PageHead>
      <Suspense>
        {dialog === "settings" && <ApplicationDialog application={application} onClose={close} onSaved={close} />}
      </Suspense>
      {dialog === "delete" && (
        <DeleteDialog
          what={`application ${name}`}
          consequence="It is stopped, and its address and log go with it. Its program stays in the project."
          onDelete={() => deleteAt(applicationPath(name))}
          onDeleted={() => {
            dropApplication(client, name);
            notify(`Application ${name} deleted.`);
            navigate({ to: "/applications" });
          }}
          onClose={close}
        />
      )}
    </>
  );
}
