// Is it healthy, is it right? Figures of the range, plots of the calls and of the windows, and a panel to call the model.
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FailureOf } from "../../../parts/failure.tsx";
import { seriesQuery } from "../../../parts/queries.ts";
import { WhenIdle } from "../../../parts/when-idle.tsx";
import styles from "../deployment-page.module.css";
import { driftQuery, windowsQuery } from "../queries.ts";
import { PlotSkeletons, TileSkeletons } from "../skeletons.tsx";
import type { TabProps } from "../tab-props.ts";
import { CallCard } from "./call-card.tsx";
import { NoCalls } from "./no-calls.tsx";
import { DeploymentPlots } from "./plots.tsx";
import { RecentCalls } from "./recent-calls.tsx";
import { Tiles } from "./tiles.tsx";
import { WindowsPlot } from "./windows-plot.tsx";

export function Overview({ model, search, range, show }: TabProps) {
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
  const windows = useQuery({ ...windowsQuery(model.name, range), placeholderData: keepPreviousData });
  const drift = useQuery({ ...driftQuery(model.name, range), placeholderData: keepPreviousData });
  const silent = series?.total === 0;
  const zoom = (to: { start?: number; end?: number }) =>
    show({ last: undefined, start: undefined, end: undefined, ...to });

  return (
    <>
      {error && <FailureOf what="The calls could not be read" error={error} onRetry={refetch} />}
      {windows.error && !windows.data && (
        <FailureOf what="The windows could not be read" error={windows.error} onRetry={windows.refetch} />
      )}
      {series ? (
        <Tiles series={series} windows={windows.data} drift={drift} metric={search.metric} />
      ) : (
        !error && <TileSkeletons />
      )}
      <div className={styles.columns}>
        <div className={styles.plots}>
          {!series && !error && <PlotSkeletons />}
          {silent && <NoCalls model={model} range={range} onShowAll={() => zoom({})} />}
          {windows.data && windows.data.windows.length > 0 && (
            <WindowsPlot
              model={model.name}
              windows={windows.data}
              metric={search.metric}
              onMetric={(metric) => show({ metric })}
              onZoom={zoom}
            />
          )}
          {series && !silent && (
            <DeploymentPlots model={model.name} series={series} range={range} readAt={dataUpdatedAt} onZoom={zoom} />
          )}
        </div>
        <WhenIdle placeholder={<Skeleton height={620} />}>
          <CallCard model={model} />
        </WhenIdle>
      </div>
      {series
        ? !silent && <RecentCalls model={model} range={range} total={series.total} />
        : !error && <Skeleton height={240} mt="md" />}
    </>
  );
}
