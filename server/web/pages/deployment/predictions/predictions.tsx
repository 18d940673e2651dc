// Every call of the range, latest first: found by outcome and uuid, opened in a drawer. Loaded with its tab, hence a default export.
import { Button, Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PredictionSummary } from "../../../../../lib/contract/monitoring.ts";
import { Choice } from "../../../parts/choice.tsx";
import { DataTable } from "../../../parts/data-table.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { count, counted } from "../../../parts/numbers.ts";
import { useTyped } from "../../../parts/typed.ts";
import { predictionsQuery } from "../queries.ts";
import type { TabProps } from "../tab-props.ts";
import { predictionColumns } from "./columns.tsx";
import { PredictionDrawer } from "./prediction-drawer.tsx";
import styles from "./predictions.module.css";

const outcomes = [
  { value: "all", label: "All" },
  { value: "ok", label: "Answered" },
  { value: "failed", label: "Failed" },
] as const;

export default function Predictions({ model, search, range, show }: TabProps) {
  const { status, uuid, prediction, hide } = search;
  const found = useInfiniteQuery({
    ...predictionsQuery(model.name, { range, status, uuid }),
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isStale, isPlaceholderData } = found;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const columns = useMemo(() => predictionColumns(model.name), [model.name]);
  const typed = useTyped(uuid ?? "", (text) => show({ uuid: text.trim() || undefined }, { replace: true }));
  const filtered = status !== undefined || uuid !== undefined || range.kind !== "all";

  return (
    <section aria-label="Predictions">
      {error && <FailureOf what="The predictions could not be read" error={error} onRetry={refetch} />}
      {!data && !error && <Skeleton height={480} />}
      {data && (
        <DataTable<PredictionSummary>
          label="predictions"
          caption={captionOf(rows.length, { more: hasNextPage, filtered })}
          fileName={`${model.name}-predictions`}
          rows={rows}
          columns={columns}
          keyOf={(row) => row.uuid}
          hidden={hide}
          onHide={(ids) => show({ hide: ids.length > 0 ? ids : undefined }, { replace: true })}
          onEnd={() => hasNextPage && !isFetchingNextPage && !isPlaceholderData && fetchNextPage()}
        >
          <TextInput
            size="xs"
            className={styles.search}
            aria-label="Find a prediction by the front of its uuid"
            placeholder="uuid, or its front"
            leftSection={<IconSearch size={14} aria-hidden />}
            {...typed}
          />
          <Choice
            label="Outcome"
            options={outcomes}
            value={status ?? "all"}
            onChange={(value) => show({ status: value === "all" ? undefined : value })}
          />
          {isStale && !isPlaceholderData && (
            <Button size="compact-xs" variant="default" onClick={() => refetch()}>
              Newer calls came in: show them
            </Button>
          )}
        </DataTable>
      )}
      {prediction && (
        <PredictionDrawer model={model} uuid={prediction} onClose={() => show({ prediction: undefined })} />
      )}
    </section>
  );
}

function captionOf(rows: number, { more, filtered }: { more: boolean; filtered: boolean }): string {
  if (rows === 0) return filtered ? "No prediction fits these filters" : "No prediction yet";
  if (more) return `The latest ${count(rows)} predictions; more come as you scroll`;
  return filtered ? `All ${counted(rows, "prediction")} that fit` : `All ${counted(rows, "prediction")}`;
}
