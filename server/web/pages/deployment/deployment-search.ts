// What a model's page is set to, as its address keeps it: the tab, the range of time, and what each tab filters or opens.
import { parseRangeSearch, type RangeSearch } from "../../parts/time-range.ts";

export const tabNames = ["overview", "predictions", "drift", "builds", "logs", "settings"] as const;
export type TabName = (typeof tabNames)[number];

/** Absent keys: the overview, of everything, with nothing opened. */
export interface DeploymentSearch extends RangeSearch {
  readonly tab?: Exclude<TabName, "overview">;
  /** Score of the windows' plot. */
  readonly metric?: string;
  /** Predictions: which, by outcome and by the front of their uuid; the one that is open; columns left out. */
  readonly status?: "ok" | "failed";
  readonly uuid?: string;
  readonly prediction?: string;
  readonly hide?: readonly string[];
  /** Builds: the one that is open. */
  readonly build?: string;
  /** Logs: whose. */
  readonly deployment?: string;
}

/** Drops what means nothing, so that a wrong address still shows a page. */
export function parseDeploymentSearch(search: Record<string, unknown>): DeploymentSearch {
  const { tab, status, hide } = search;
  return {
    ...parseRangeSearch(search),
    ...(isTab(tab) && tab !== "overview" && { tab }),
    ...((status === "ok" || status === "failed") && { status }),
    ...(Array.isArray(hide) && hide.length > 0 && { hide: hide.map(String) }),
    ...texts(search, ["metric", "uuid", "prediction", "build", "deployment"]),
  };
}

/** Another tab keeps the range of time and leaves what only the old one knows. */
export function searchOfTab({ last, start, end }: RangeSearch, tab: TabName): DeploymentSearch {
  return {
    ...(last && { last }),
    ...(start !== undefined && end !== undefined && { start, end }),
    ...(tab !== "overview" && { tab }),
  };
}

function isTab(value: unknown): value is TabName {
  return tabNames.includes(value as TabName);
}

function texts<Key extends string>(search: Record<string, unknown>, keys: readonly Key[]): { [K in Key]?: string } {
  const found = keys.flatMap((key) => {
    const value = search[key];
    const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
    return text === "" ? [] : [[key, text] as const];
  });
  return Object.fromEntries(found) as { [K in Key]?: string };
}
