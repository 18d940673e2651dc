// Drift of a model's calls away from the rows its build brought along. Asked for by every look at a page, computed once for the
// calls there are: a report is kept until new ones come.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DriftReport, ReferenceRows } from "../../lib/contract/monitoring.ts";
import type { Principal } from "../auth/principal.ts";
import { builtModule } from "../storage/built-module.ts";
import type { DriftData } from "./drift-thread.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import type { PrometheusMetrics } from "./prometheus.ts";
import type { SeriesStore } from "./series-store.ts";
import type { PredictionStore } from "./store.ts";
import { requireRange, type TimeRange, wholeRange } from "./time-range.ts";

export interface DriftQuery extends TimeRange {
  readonly modelCrn: string;
  /** Whose reference rows count: the build that answers calls now. */
  readonly build?: string | undefined;
}

export interface ModelDrift {
  /** null where the build brought no reference rows. @throws BadRequestError a range that is none */
  readDrift(by: Principal, query: DriftQuery): Promise<DriftReport | null>;
}

export interface ModelDriftParts {
  readonly store: Pick<PredictionStore, "findSources" | "sampleAnswered"> & Pick<SeriesStore, "readExtent">;
  /** undefined where a build brought none. */
  readonly referenceOf: (buildId: string) => Promise<ReferenceRows | undefined>;
  readonly prometheus: Pick<PrometheusMetrics, "observeDrift">;
  /** Changes with every recorded call of a model. */
  readonly callsOf: (modelCrn: string) => number;
}

const mostCalls = 1000;
const mostKept = 50;

export function createModelDrift({ store, referenceOf, prometheus, callsOf }: ModelDriftParts): ModelDrift {
  const kept = createKeptAnswers<DriftReport | null>({ most: mostKept });

  return {
    async readDrift(by, query) {
      requireRange("read drift", query);
      const { modelCrn, build } = query;
      const { start, end } = wholeRange(query);
      const key = JSON.stringify([by.project, modelCrn, build, start, end]);
      return await kept(key, callsOf(modelCrn), () => readReport(by, query));
    },
  };

  async function readReport(by: Principal, query: DriftQuery): Promise<DriftReport | null> {
    const reference = query.build === undefined ? undefined : await referenceOf(query.build);
    if (!reference) return null;
    const sources = await store.findSources({ project: by.project, modelCrn: query.modelCrn });
    const range = { sources, ...wholeRange(query) };
    const [{ total }, sample] =
      sources.length === 0
        ? [{ total: 0 }, []]
        : await Promise.all([store.readExtent(range), store.sampleAnswered(range, mostCalls)]);
    const report = await compare({ reference, calls: sample });
    const drifted = report.features.filter((feature) => feature.drifted).length;
    prometheus.observeDrift({ modelCrn: query.modelCrn, drifted });
    return { ...report, calls: total };
  }
}

async function compare(data: DriftData): Promise<Omit<DriftReport, "calls">> {
  const thread = new Worker(builtModule(new URL("./drift-thread.ts", import.meta.url)), { workerData: data });
  const [report] = (await once(thread, "message")) as [Omit<DriftReport, "calls">];
  return report;
}
