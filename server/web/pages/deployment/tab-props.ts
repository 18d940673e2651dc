// What every tab of a model's page is given.
import type { Deployment, Model } from "../../../../lib/contract/model.ts";
import type { TimeRange } from "../../parts/time-range.ts";
import type { DeploymentSearch } from "./deployment-search.ts";

/** Keys set to undefined leave the address. */
export type SearchChange = { readonly [Key in keyof DeploymentSearch]?: DeploymentSearch[Key] | undefined };

export interface TabProps {
  readonly model: Model;
  /** The deployment asked for last. */
  readonly newest: Deployment | undefined;
  readonly search: DeploymentSearch;
  readonly range: TimeRange;
  /** Changes the address; `replace` leaves no step to go back to. */
  show(change: SearchChange, options?: { readonly replace?: boolean }): void;
}

/** The deployment that a tab acts on: the one that answers, else the one asked for last. */
export function currentOf({ model, newest }: Pick<TabProps, "model" | "newest">): Deployment | undefined {
  return model.deployment ?? newest;
}
