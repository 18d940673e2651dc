// The project's notebooks: each opens in JupyterLab.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Card, Empty } from "../../parts/card.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { labHref, notebooksQuery } from "../../parts/notebooks.ts";
import { When } from "../../parts/when.tsx";
import styles from "./glance.module.css";

const mostShown = 12;

export function NotebooksGlance() {
  const { data: notebooks, error, refetch } = useQuery(notebooksQuery);
  return (
    <Card title="Notebooks" more={<a href="/lab">JupyterLab</a>}>
      {error && !notebooks && <FailureOf what="The notebooks could not be listed" error={error} onRetry={refetch} />}
      {!notebooks && !error && <Skeleton height={160} />}
      {notebooks?.length === 0 && (
        <Empty>
          No notebook in this project yet. <a href="/lab">Make one in JupyterLab</a>
        </Empty>
      )}
      {notebooks && notebooks.length > 0 && (
        <ul className={styles.notebooks}>
          {notebooks.slice(0, mostShown).map(({ path, changedAt }) => (
            <li key={path}>
              <a href={labHref(path)}>
                <span>{path}</span>
                <When time={changedAt} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
