// Scores of a model's stretches of calls beside its rules, and the alerts that follow from both.
import { randomUUID } from "node:crypto";
import type { MonitorRule, NewMonitorRule, Windows } from "../../lib/contract/monitoring.ts";
import type { JsonObject } from "../../lib/contract/signature.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { NotFoundError } from "../errors.ts";
import type { MonitorRuleTable } from "../storage/tables.ts";
import type { AggregateStore, StoredAggregate } from "./aggregate-store.ts";
import { alertsOf, driftAlertsOf, driftMetric } from "./alerts.ts";
import type { DriftQuery, ModelDrift } from "./model-drift.ts";
import type { PredictionStore } from "./store.ts";
import { requireRange, wholeRange } from "./time-range.ts";

export interface ModelWindows {
  /** The latest 5,000 of the range, with the model's rules and alerts. @throws BadRequestError a range that is none */
  readWindows(by: Principal, query: DriftQuery): Promise<Windows>;
  listRules(modelCrn: string): Promise<MonitorRule[]>;
  /** The same metric and side again have a new threshold. */
  putRule(by: Principal, modelCrn: string, rule: NewMonitorRule): Promise<MonitorRule>;
  /** @throws NotFoundError the model has none of this id */
  deleteRule(modelCrn: string, id: string): Promise<void>;
}

export interface ModelWindowsParts {
  readonly predictions: PredictionStore;
  readonly aggregates: AggregateStore;
  readonly readDrift: ModelDrift["readDrift"];
  readonly clock: () => number;
}

const mostWindows = 5000;

export function createModelWindows({ predictions, aggregates, readDrift, clock }: ModelWindowsParts): ModelWindows {
  const listRules = async (modelCrn: string): Promise<MonitorRule[]> =>
    (await aggregates.listRules(modelCrn)).map(toRule);
  return {
    listRules,

    async readWindows(by, query) {
      const { modelCrn } = query;
      requireRange("read windows", query);
      const sources = await predictions.findSources({ project: by.project, modelCrn });
      const asked = { sources, ...wholeRange(query) };
      const [rules, rows] = await Promise.all([
        listRules(modelCrn),
        sources.length === 0 ? [] : aggregates.readWindows(asked, mostWindows),
      ]);
      const windows = rows.map(toWindow);
      const drift = rules.some(({ metric }) => metric === driftMetric) ? await readDrift(by, query) : null;
      const stretch = {
        startTimestampMs: query.start ?? windows[0]?.startTimestampMs ?? 0,
        endTimestampMs: query.end ?? clock(),
      };
      const ofDrift = drift ? driftAlertsOf(drift, rules, stretch) : [];
      return { windows, rules, alerts: [...alertsOf(windows, rules), ...ofDrift] };
    },

    async putRule(by, modelCrn, { metric, when, threshold }) {
      const row: MonitorRuleTable = {
        id: randomUUID(),
        model_crn: modelCrn,
        metric,
        side: when,
        threshold,
        project: by.project,
        created_by: by.id,
        created_at: clock(),
      };
      return toRule(await aggregates.putRule(row));
    },

    async deleteRule(modelCrn, id) {
      if (await aggregates.deleteRule(modelCrn, id)) return;
      throw new NotFoundError(`Cannot delete rule ${quote(id)}: the model has none of this id`);
    },
  };
}

function toWindow(row: StoredAggregate): Windows["windows"][number] {
  return {
    deploymentCrn: row.deployment_crn,
    startTimestampMs: row.started_at,
    endTimestampMs: row.ended_at,
    metrics: JSON.parse(row.metrics) as JsonObject,
  };
}

function toRule({ id, metric, side, threshold, created_at }: MonitorRuleTable): MonitorRule {
  return { id, metric, when: side, threshold, createdAt: created_at };
}
