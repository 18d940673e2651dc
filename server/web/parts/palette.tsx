// Search over everything: pages, models, jobs, their latest runs, applications, notebooks. What is named leads to its page.
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { applicationsQuery } from "./application-queries.ts";
import { jobRunsQuery, jobsQuery } from "./job-queries.ts";
import { labHref, notebooksQuery } from "./notebooks.ts";
import { useNow } from "./now.ts";
import { ago } from "./numbers.ts";
import { modelsQuery } from "./queries.ts";
import "../theme/palette.css";

export default function Palette({ uses }: { uses: number }) {
  useEffect(() => {
    if (uses > 0) spotlight.open();
  }, [uses]);
  return (
    <Spotlight
      actions={useActions()}
      shortcut={null}
      limit={12}
      scrollable
      maxHeight="min(28rem, 70vh)"
      nothingFound="Nothing has this name"
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} />,
        placeholder: "Pages, models, jobs, runs, applications, notebooks",
        "aria-label": "Search",
      }}
    />
  );
}

function useActions(): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const now = useNow();
  const { data: models = [] } = useQuery(modelsQuery);
  const { data: jobs = [] } = useQuery(jobsQuery);
  const { data: runs } = useInfiniteQuery(jobRunsQuery());
  const { data: applications = [] } = useQuery(applicationsQuery);
  const { data: notebooks = [] } = useQuery(notebooksQuery);
  const go = (to: NavigateOptions) => () => void navigate(to);
  const groups: SpotlightActionGroupData[] = [
    {
      group: "Pages",
      actions: [
        { id: "page-home", label: "Home", onClick: go({ to: "/" }) },
        { id: "page-jobs", label: "Jobs", onClick: go({ to: "/jobs" }) },
        { id: "page-models", label: "Models", onClick: go({ to: "/models" }) },
        { id: "page-applications", label: "Applications", onClick: go({ to: "/applications" }) },
        { id: "page-lab", label: "JupyterLab", onClick: () => window.location.assign("/lab") },
      ],
    },
    {
      group: "Models",
      actions: models.map(({ name, description }) => ({
        id: `model-${name}`,
        label: name,
        description,
        onClick: go({ to: "/models/$name", params: { name } }),
      })),
    },
    {
      group: "Jobs",
      actions: jobs.map(({ name, file }) => ({
        id: `job-${name}`,
        label: name,
        description: file,
        onClick: go({ to: "/jobs/$name", params: { name } }),
      })),
    },
    {
      group: "Job runs",
      actions: (runs?.pages ?? [])
        .flatMap(({ items }) => items)
        .map(({ id, job, status, queuedAt }) => ({
          id: `run-${id}`,
          label: `${job}, run ${id.slice(-7)}`,
          description: `${status.replace("_", " ")}, ${ago(queuedAt, Math.max(now, queuedAt))}`,
          onClick: go({ to: "/job-runs/$id", params: { id } }),
        })),
    },
    {
      group: "Applications",
      actions: applications.map(({ name, description }) => ({
        id: `application-${name}`,
        label: name,
        description,
        onClick: go({ to: "/applications/$name", params: { name } }),
      })),
    },
    {
      group: "Notebooks",
      actions: notebooks.map(({ path }) => ({
        id: `notebook-${path}`,
        label: path,
        onClick: () => window.location.assign(labHref(path)),
      })),
    },
  ];
  return groups.filter(({ actions }) => actions.length > 0);
}
