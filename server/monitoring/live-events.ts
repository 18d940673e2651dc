// What is told to those who look at a model while it happens: that calls were recorded, at most four times a second, and that a
// deployment changed.
import type { Deployment } from "../../lib/contract/model.ts";
import { projectOf } from "./prediction-rows.ts";

export type LiveEvent =
  /** `total`: calls of the model recorded since the server started. */
  | { readonly type: "prediction"; readonly total: number }
  | { readonly type: "deployment"; readonly deployment: Deployment };

export interface WatchedModel {
  readonly crn: string;
  readonly name: string;
}

export interface LiveEvents {
  /** Cheap enough for every call. */
  predictionRecorded(modelCrn: string): void;
  deploymentChanged(deployment: Deployment): void;
  /** @returns ends the subscription */
  subscribe(model: WatchedModel, listener: (event: LiveEvent) => void): () => void;
  close(): void;
}

const everyMs = 250;

interface Watched {
  total: number;
  readonly listeners: Set<(event: LiveEvent) => void>;
  /** Set while a tick has to wait its turn. */
  timer: NodeJS.Timeout | undefined;
  news: boolean;
}

export function createLiveEvents(): LiveEvents {
  const models = new Map<string, Watched>(); // by CRN
  const named = new Map<string, Set<(event: LiveEvent) => void>>(); // by project and name

  const watched = (crn: string): Watched => {
    const known = models.get(crn);
    if (known) return known;
    const made: Watched = { total: 0, listeners: new Set(), timer: undefined, news: false };
    models.set(crn, made);
    return made;
  };

  /** At once when none was told lately, else when its turn comes. */
  function tick(model: Watched): void {
    if (model.timer) {
      model.news = true;
      return;
    }
    model.news = false;
    model.timer = setTimeout(() => {
      model.timer = undefined;
      if (model.news) tick(model);
    }, everyMs);
    model.timer.unref();
    for (const listener of model.listeners) listener({ type: "prediction", total: model.total });
  }

  return {
    predictionRecorded(modelCrn) {
      const model = watched(modelCrn);
      model.total++;
      if (model.listeners.size > 0) tick(model);
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
      for (const model of models.values()) clearTimeout(model.timer);
      models.clear();
      named.clear();
    },
  };
}
