// What is told to those who look at a model while it happens: that calls were recorded and values came later about them, each at
// most four times a second, and that a deployment changed.
import type { Deployment } from "../../lib/contract/model.ts";
import { projectOf } from "./prediction-rows.ts";

export type LiveEvent =
  /** `total`: calls of the model recorded since the server started. */
  | { readonly type: "prediction"; readonly total: number }
  /** Predictions that got delayed metrics, and stretches that got scores, since the server started. */
  | { readonly type: "metrics"; readonly delayed: number; readonly aggregate: number }
  | { readonly type: "deployment"; readonly deployment: Deployment };

export interface WatchedModel {
  readonly crn: string;
  readonly name: string;
}

export interface LiveEvents {
  /** Cheap enough for every call. */
  predictionRecorded(modelCrn: string): void;
  /** Calls of a model recorded since the server started. */
  callsOf(modelCrn: string): number;
  metricsTracked(modelCrn: string, came: { readonly delayed?: number; readonly aggregate?: number }): void;
  deploymentChanged(deployment: Deployment): void;
  /** @returns ends the subscription */
  subscribe(model: WatchedModel, listener: (event: LiveEvent) => void): () => void;
  close(): void;
}

const everyMs = 250;

interface Watched {
  total: number;
  delayed: number;
  aggregate: number;
  readonly listeners: Set<(event: LiveEvent) => void>;
  readonly predictions: Ticker;
  readonly metrics: Ticker;
}

export function createLiveEvents(): LiveEvents {
  const models = new Map<string, Watched>(); // by CRN
  const named = new Map<string, Set<(event: LiveEvent) => void>>(); // by project and name

  const watched = (crn: string): Watched => {
    const known = models.get(crn);
    if (known) return known;
    const tell = (event: LiveEvent): void => {
      for (const listener of made.listeners) listener(event);
    };
    const made: Watched = {
      total: 0,
      delayed: 0,
      aggregate: 0,
      listeners: new Set(),
      predictions: createTicker(() => tell({ type: "prediction", total: made.total })),
      metrics: createTicker(() => tell({ type: "metrics", delayed: made.delayed, aggregate: made.aggregate })),
    };
    models.set(crn, made);
    return made;
  };

  return {
    predictionRecorded(modelCrn) {
      const model = watched(modelCrn);
      model.total++;
      if (model.listeners.size > 0) model.predictions.tick();
    },
    callsOf: (modelCrn) => models.get(modelCrn)?.total ?? 0,
    metricsTracked(modelCrn, { delayed = 0, aggregate = 0 }) {
      const model = watched(modelCrn);
      model.delayed += delayed;
      model.aggregate += aggregate;
      if (model.listeners.size > 0) model.metrics.tick();
    },
    deploymentChanged(deployment) {
      const listeners = named.get(`${projectOf(deployment.crn)}/${deployment.model}`) ?? [];
      for (const listener of listeners) listener({ type: "deployment", deployment });
    },
    subscribe({ crn, name }, listener) {
      const key = `${projectOf(crn)}/${name}`;
      const byName = named.get(key) ?? new Set();
      named.set(key, byName.add(listener));
      watched(crn).listeners.add(listener);
      return () => {
        watched(crn).listeners.delete(listener);
        byName.delete(listener);
        if (byName.size === 0 && named.get(key) === byName) named.delete(key);
      };
    },
    close() {
      for (const { predictions, metrics } of models.values()) {
        predictions.stop();
        metrics.stop();
      }
      models.clear();
      named.clear();
    },
  };
}

interface Ticker {
  /** Tells at once when nothing was told lately, else when its turn comes. */
  tick(): void;
  stop(): void;
}

function createTicker(tell: () => void): Ticker {
  let timer: NodeJS.Timeout | undefined; // set while a tick has to wait its turn
  let news = false;
  function tick(): void {
    if (timer) {
      news = true;
      return;
    }
    news = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (news) tick();
    }, everyMs);
    timer.unref();
    tell();
  }
  return { tick, stop: () => clearTimeout(timer) };
}
