// All models of the project: is each one answering, and is it right? A row leads to its page.
import { Paper, Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Model } from "../../../../lib/contract/model.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { counted } from "../../parts/numbers.ts";
import { usePageTitle } from "../../parts/page-title.ts";
import { modelsQuery } from "../../parts/queries.ts";
import { useTyped } from "../../parts/typed.ts";
import { callFigures, driftFigures, scoreFigures } from "./figures.ts";
import { callColumns, driftColumns, type ModelRow, modelColumns, scoreColumns } from "./model-columns.tsx";
import styles from "./models-page.module.css";
import type { ModelsSearch } from "./models-search.ts";

const deployCommand = "npx cellwright deploy notebooks/5_model_serve.ipynb --function explain --name churn";
const route = getRouteApi("/models");

export function ModelsPage() {
  usePageTitle("Models");
  const { data: models, error, refetch } = useQuery({ ...modelsQuery, refetchOnWindowFocus: true });
  return (
    <>
      <h1 className={styles.title}>Models</h1>
      {error && !models && <FailureOf what="The models could not be read" error={error} onRetry={refetch} />}
      {!models && !error && <Skeleton height={180} />}
      {models?.length === 0 && <NoModels />}
      {models !== undefined && models.length > 0 && <ModelTable models={models} />}
    </>
  );
}

function NoModels() {
  return (
    <Paper className={styles.empty}>
      <p>No model deployed yet. Deploy an exported function of a notebook:</p>
      <div className={styles.command}>
        <code>{deployCommand}</code>
        <CopyButton text={deployCommand} label="Copy command" />
      </div>
    </Paper>
  );
}

function ModelTable({ models }: { models: readonly Model[] }) {
  const { q, sort, hide } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: ModelsSearch) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const typed = useTyped(q ?? "", (text) => show({ q: text.trim() || undefined }));
  const found = useMemo(() => models.filter((model) => has(model, q)), [models, q]);
  const rows = useRows(found, sort);

  return (
    <DataTable
      label="models"
      caption={q ? `${found.length} of ${counted(models.length, "model")}` : counted(models.length, "model")}
      fileName="models"
      rows={rows}
      columns={modelColumns}
      keyOf={({ model }) => model.name}
      sort={sort}
      onSort={(order) => show({ sort: order })}
      hidden={hide}
      onHide={(ids) => show({ hide: ids.length > 0 ? ids : undefined })}
    >
      <TextInput
        size="xs"
        className={styles.search}
        aria-label="Find a model by name or description"
        placeholder="Find a model"
        leftSection={<IconSearch size={14} aria-hidden />}
        {...typed}
      />
    </DataTable>
  );
}

/** Figures that rows in sight have asked for; all of them when the table is sorted by one. */
function useRows(models: readonly Model[], sort = ""): ModelRow[] {
  const by = sort.replace("-", "");
  const calls = useQueries({
    queries: models.map(({ name }) => ({ ...callFigures(name), enabled: callColumns.includes(by) })),
  });
  const scores = useQueries({
    queries: models.map(({ name }) => ({ ...scoreFigures(name), enabled: scoreColumns.includes(by) })),
  });
  const drifts = useQueries({
    queries: models.map(({ name }) => ({ ...driftFigures(name), enabled: driftColumns.includes(by) })),
  });
  return models.map((model, index) => ({
    model,
    calls: calls[index]?.data,
    score: scores[index]?.data,
    drift: drifts[index]?.data,
  }));
}

function has({ name, description }: Model, words = ""): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
