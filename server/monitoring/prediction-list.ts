// The table of a model's predictions: latest first, page by page, narrowed by outcome, uuid and time.
import type { PredictionPage } from "../../lib/contract/monitoring.ts";
import type { Principal } from "../auth/principal.ts";
import { BadRequestError } from "../errors.ts";
import { fromPageToken, toPageToken } from "./page-token.ts";
import { type ListedPrediction, toSummary } from "./prediction-rows.ts";
import type { PredictionStore } from "./store.ts";
import { requireRange, wholeRange } from "./time-range.ts";

export interface ListQuery {
  readonly modelCrn?: string | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly status?: "ok" | "failed" | undefined;
  /** What a uuid begins with, in any case. */
  readonly uuidPrefix?: string | undefined;
  /** 1 to 1,000. Default 100. */
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/** @throws BadRequestError a page size, range or page_token that is none */
export async function listPredictions(
  store: PredictionStore,
  by: Principal,
  query: ListQuery,
): Promise<PredictionPage> {
  const { modelCrn, status, pageSize = 100, pageToken } = query;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot list predictions: found page_size = ${pageSize}, expected 1 to 1000`);
  }
  requireRange("list predictions", query);
  const before = pageToken === undefined ? undefined : fromPageToken(pageToken);
  const uuidPrefix = query.uuidPrefix?.toLowerCase();
  const sources = await store.findSources({ project: by.project, modelCrn });
  const isOfNone = uuidPrefix !== undefined && !/^[0-9a-f-]*$/.test(uuidPrefix);
  if (sources.length === 0 || isOfNone) return { items: [] };
  const range = { sources, ...wholeRange(query) };
  return pageOf(await store.listLatest({ ...range, status, uuidPrefix, before, limit: pageSize + 1 }), pageSize);
}

/** @param rows one more than the page holds when another follows */
function pageOf(rows: readonly ListedPrediction[], pageSize: number): PredictionPage {
  const items = rows.slice(0, pageSize).map(toSummary);
  const last = rows[pageSize - 1];
  if (rows.length <= pageSize || !last) return { items };
  return { items, next_page_token: toPageToken({ startedAt: last.started_at, uuid: last.uuid }) };
}
