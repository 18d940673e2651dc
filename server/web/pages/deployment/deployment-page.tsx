// A model's page: is it healthy, is it right? Puts its parts together and keeps the range of time in the address.
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Model } from "../../../../lib/contract/model.ts";
import { ApiError } from "../../parts/api.ts";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useModelEvents } from "../../parts/live.ts";
import { usePageTitle } from "../../parts/page-title.ts";
import { modelQuery, newestDeploymentQuery, seriesQuery } from "../../parts/queries.ts";
import { type RangeSearch, toTimeRange } from "../../parts/time-range.ts";
import { CallCard } from "./call-card.tsx";
import { DeploymentHead } from "./deployment-head.tsx";
import styles from "./deployment-page.module.css";
import { NoCalls } from "./no-calls.tsx";
import { NoSuchModel } from "./no-such-model.tsx";
import { DeploymentPlots } from "./plots.tsx";
import { RangeChoice } from "./range-choice.tsx";
import { RecentCalls } from "./recent-calls.tsx";
import { PageSkeleton, PlotSkeletons, TileSkeletons } from "./skeletons.tsx";
import { Tiles } from "./tiles.tsx";

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
  const range = toTimeRange(route.useSearch());
  const navigate = route.useNavigate();
  const show = (search: RangeSearch) => navigate({ search, resetScroll: false });
  const { data: newest } = useQuery(newestDeploymentQuery(model.name));
  const {
    data: series,
    error,
    refetch,
    dataUpdatedAt,
  } = useQuery({
    ...seriesQuery(model.name, range),
    placeholderData: keepPreviousData,
    // A window that ends now moves on even when no call comes in.
    refetchInterval: range.kind === "last" ? 60_000 : false,
  });
  const silent = series?.total === 0;

  return (
    <>
      <ConnectionBanner connection={connection} />
      <div className={styles.top}>
        <DeploymentHead model={model} newest={newest ?? undefined} />
        <RangeChoice range={range} onChange={show} />
      </div>
      {error && <FailureOf what="The calls could not be read" error={error} onRetry={refetch} />}
      {series ? <Tiles series={series} /> : !error && <TileSkeletons />}
      <div className={styles.columns}>
        <div className={styles.plots}>
          {!series && !error && <PlotSkeletons />}
          {silent && <NoCalls model={model} range={range} onShowAll={() => show({})} />}
          {series && !silent && (
            <DeploymentPlots model={model.name} series={series} range={range} readAt={dataUpdatedAt} onZoom={show} />
          )}
        </div>
        <CallCard model={model} />
      </div>
      {series ? !silent && <RecentCalls model={model} series={series} /> : !error && <Skeleton height={240} mt="md" />}
    </>
  );
}
