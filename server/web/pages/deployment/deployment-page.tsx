// A model's page: is it healthy, is it right? Its head stays, its tabs are parts of the address; each loads when it is opened.
import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Model } from "../../../../lib/contract/model.ts";
import { ApiError } from "../../parts/api.ts";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useModelEvents } from "../../parts/live.ts";
import { usePageTitle } from "../../parts/page-title.ts";
import { modelQuery, newestDeploymentQuery } from "../../parts/queries.ts";
import { toTimeRange } from "../../parts/time-range.ts";
import { DeploymentHead } from "./deployment-head.tsx";
import styles from "./deployment-page.module.css";
import { searchOfTab, type TabName, tabNames } from "./deployment-search.ts";
import { NoSuchModel } from "./no-such-model.tsx";
import { Overview } from "./overview/overview.tsx";
import { RangeChoice } from "./range-choice.tsx";
import { PageSkeleton } from "./skeletons.tsx";
import type { SearchChange, TabProps } from "./tab-props.ts";

const Predictions = lazy(() => import("./predictions/predictions.tsx"));
const Drift = lazy(() => import("./drift/drift.tsx"));
const Builds = lazy(() => import("./builds/builds.tsx"));
const Logs = lazy(() => import("./logs/logs.tsx"));
const Settings = lazy(() => import("./settings/settings.tsx"));

const route = getRouteApi("/models/$name");

export function DeploymentPage() {
  const { name } = route.useParams();
  usePageTitle(name);
  const {
    data: model,
    error,
    refetch,
  } = useQuery({
    ...modelQuery(name),
    refetchInterval: ({ state }) => (state.error instanceof ApiError && state.error.code === "offline" ? 3000 : false),
  });

  if (error instanceof ApiError && error.code === "not_found") return <NoSuchModel name={name} />;
  return (
    <>
      {error && !model && <FailureOf what={`The model ${name} could not be read`} error={error} onRetry={refetch} />}
      {!model && !error && <PageSkeleton name={name} />}
      {model && <ModelPage key={model.id} model={model} />}
    </>
  );
}

function ModelPage({ model }: { model: Model }) {
  const connection = useModelEvents(model.name);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: newest } = useQuery(newestDeploymentQuery(model.name));
  const tab = search.tab ?? "overview";
  const range = toTimeRange(search);
  const show: TabProps["show"] = (change, { replace = false } = {}) =>
    navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false, replace });
  const parts: TabProps = { model, newest: newest ?? undefined, search, range, show };

  return (
    <>
      <ConnectionBanner connection={connection} />
      <div className={styles.top}>
        <DeploymentHead model={model} newest={newest ?? undefined} />
        {ranged.includes(tab) && (
          <RangeChoice range={range} onChange={(chosen) => show({ ...everything, ...chosen })} />
        )}
      </div>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => name && navigate({ search: searchOfTab(search, name as TabName), resetScroll: false })}
      >
        <Tabs.List className={styles.tabs} aria-label={`Parts of ${model.name}`}>
          {tabNames.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {titles[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className={styles.panel}>
          <Suspense fallback={<Skeleton height={420} />}>{panelOf(tab, parts)}</Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** Where a range of time means something. */
const ranged: readonly TabName[] = ["overview", "predictions", "drift"];
const everything: SearchChange = { last: undefined, start: undefined, end: undefined };

const titles: Readonly<Record<TabName, string>> = {
  overview: "Overview",
  predictions: "Predictions",
  drift: "Drift",
  builds: "Builds",
  logs: "Logs",
  settings: "Settings",
};

function panelOf(tab: TabName, parts: TabProps) {
  switch (tab) {
    case "predictions":
      return <Predictions {...parts} />;
    case "drift":
      return <Drift {...parts} />;
    case "builds":
      return <Builds {...parts} />;
    case "logs":
      return <Logs {...parts} />;
    case "settings":
      return <Settings {...parts} />;
    default:
      return <Overview {...parts} />;
  }
}
