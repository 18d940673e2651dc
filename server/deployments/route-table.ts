// Which deployment answers a model's calls, by access key. In memory, for it is asked at every call; the reconciler keeps it as
// the store's {deployment, weight} rows say.
import type { ReplicaPool } from "./replica-pool.ts";

export interface Route {
  readonly modelName: string;
  readonly modelCrn: string;
  /** Absent while nothing is deployed. */
  readonly deployment: RoutedDeployment | undefined;
}

export interface RoutedDeployment {
  readonly id: string;
  readonly crn: string;
  readonly buildCrn: string;
  readonly pool: ReplicaPool;
}

export interface WeightedDeployment extends RoutedDeployment {
  /** Its share of the calls, relative to the others'. */
  readonly weight: number;
}

export interface RoutedModel {
  readonly accessKey: string;
  readonly modelName: string;
  readonly modelCrn: string;
  readonly deployments: readonly WeightedDeployment[];
}

export interface RouteTable {
  find(accessKey: string): Route | undefined;
  /** Takes the place of the model's row. */
  set(model: RoutedModel): void;
  /** Forgets the models of other access keys. */
  retain(accessKeys: ReadonlySet<string>): void;
}

/** @param random in [0, 1); which deployment answers where there are several */
export function createRouteTable(random: () => number = Math.random): RouteTable {
  const routes = new Map<string, (Route & { readonly single: true }) | RoutedModel>();
  return {
    find(accessKey) {
      const found = routes.get(accessKey);
      if (!found || "single" in found) return found;
      return { ...found, deployment: pick(found.deployments, random()) };
    },
    set(model) {
      const { accessKey, modelName, modelCrn, deployments } = model;
      const one = { modelName, modelCrn, deployment: deployments[0], single: true as const };
      routes.set(accessKey, deployments.length > 1 ? model : one);
    },
    retain(accessKeys) {
      for (const key of routes.keys()) if (!accessKeys.has(key)) routes.delete(key);
    },
  };
}

/** The deployment at `share` of the way through the weights laid end to end. */
export function pick<T extends { readonly weight: number }>(deployments: readonly T[], share: number): T | undefined {
  const total = deployments.reduce((sum, { weight }) => sum + weight, 0);
  let left = share * total;
  return deployments.find(({ weight }) => (left -= weight) < 0) ?? deployments.at(-1);
}
