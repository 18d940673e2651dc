// The applications at a glance, each one click away.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { applicationsQuery } from "../../parts/application-queries.ts";
import { Card, Empty } from "../../parts/card.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { OpenApplication } from "../../parts/open-application.tsx";
import row from "../../parts/row-link.module.css";
import { ApplicationState } from "../../parts/states.tsx";
import styles from "./glance.module.css";

const mostShown = 4;

export function ApplicationsGlance() {
  const { data: applications, error, refetch } = useQuery(applicationsQuery);
  return (
    <Card
      title="Applications"
      more={<Link to="/applications">{applications ? `All ${applications.length}` : "All"}</Link>}
    >
      {error && !applications && (
        <FailureOf what="The applications could not be read" error={error} onRetry={refetch} />
      )}
      {!applications && !error && <Skeleton height={120} />}
      {applications?.length === 0 && (
        <Empty>
          No application yet. <Link to="/applications">Start one</Link>
        </Empty>
      )}
      {applications?.slice(0, mostShown).map(({ id, name, status, description, problem }) => (
        <div key={id} className={`${styles.item} ${row.row}`}>
          <div className={styles.names}>
            <Link className={row.link} to="/applications/$name" params={{ name }}>
              {name}
            </Link>
            <ApplicationState status={status} />
          </div>
          <div className={styles.figures}>{problem || description}</div>
          <OpenApplication application={{ name, status }} compact className={`${styles.end} ${row.above}`} />
        </div>
      ))}
    </Card>
  );
}
