// Do the calls still look like what the model learnt from? Every feature's test, and both of its distributions. Loaded with its
// tab, hence a default export.
import { Paper, Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DriftReport, FeatureDrift } from "../../../../../lib/contract/monitoring.ts";
import { DataTable } from "../../../parts/data-table.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { count } from "../../../parts/numbers.ts";
import { Plot } from "../../../parts/plot.tsx";
import { State } from "../../../parts/state.tsx";
import { WhenSeen } from "../../../parts/when-seen.tsx";
import { driftQuery } from "../queries.ts";
import type { TabProps } from "../tab-props.ts";
import { conclusionOf } from "./conclusion.ts";
import { distributionFigure } from "./distribution-figure.ts";
import styles from "./drift.module.css";
import { featureColumns } from "./feature-columns.tsx";

export default function Drift({ model, search, range, show }: TabProps) {
  const { data, error, refetch } = useQuery({ ...driftQuery(model.name, range), placeholderData: keepPreviousData });
  if (error && !data) return <FailureOf what="The drift could not be computed" error={error} onRetry={refetch} />;
  if (data === undefined) return <Skeleton height={480} />;
  if (data === null) return <NoReference />;
  if (data.compared === 0)
    return (
      <Paper className={styles.notice}>
        {range.kind === "all" ? "No calls to compare yet." : "No calls to compare in this range."}
      </Paper>
    );
  return (
    <Report
      model={model.name}
      report={data}
      hidden={search.hide}
      onHide={(hide) => show({ hide: hide.length > 0 ? hide : undefined }, { replace: true })}
    />
  );
}

function NoReference() {
  return (
    <Paper className={styles.notice}>
      <p>This build brought no rows to compare calls with. Hand them over where the function is wrapped:</p>
      <code>modelMetrics(predict, {"{ signature, example, reference: explained.reference }"})</code>
    </Paper>
  );
}

interface ReportProps {
  readonly model: string;
  readonly report: DriftReport;
  readonly hidden: readonly string[] | undefined;
  onHide(hidden: readonly string[]): void;
}

function Report({ model, report, hidden, onHide }: ReportProps) {
  const features = useMemo(() => driftedFirst(report.features), [report]);
  const { calls, compared, referenceRows, datasetDrift } = report;
  return (
    <section aria-label="Drift">
      <div className={styles.conclusion}>
        <State
          tone={datasetDrift ? "bad" : features.some(({ drifted }) => drifted) ? "warning" : "good"}
          word={
            datasetDrift ? "dataset drift" : features.some(({ drifted }) => drifted) ? "features drift" : "no drift"
          }
        />
        <p>{conclusionOf(report)}</p>
      </div>
      {compared < calls && (
        <p className={styles.note}>
          Compared: {count(compared)} of the {count(calls)} calls, a sample of those that were answered.
        </p>
      )}
      <DataTable
        label="drift of features"
        caption={`Against ${count(referenceRows)} rows the model learnt from; p values corrected for ${features.length} features (Holm)`}
        fileName={`${model}-drift`}
        rows={features}
        columns={featureColumns}
        keyOf={({ feature }) => feature}
        hidden={hidden}
        onHide={onHide}
      />
      <div className={styles.plots}>
        {features.map((feature) => (
          <div key={feature.feature} id={`feature-${feature.feature}`} className={styles.plot}>
            <WhenSeen placeholder={<Skeleton height={248} />}>
              <Distribution model={model} feature={feature} />
            </WhenSeen>
          </div>
        ))}
      </div>
    </section>
  );
}

function Distribution({ model, feature }: { model: string; feature: FeatureDrift }) {
  const figure = useMemo(() => distributionFigure(feature), [feature]);
  return <Plot {...figure} fileName={`${model}-${figure.fileName}`} small />;
}

function driftedFirst(features: readonly FeatureDrift[]): FeatureDrift[] {
  return [...features].sort(
    (a, b) => Number(b.drifted) - Number(a.drifted) || (a.pValue ?? 1) - (b.pValue ?? 1) || b.statistic - a.statistic,
  );
}
