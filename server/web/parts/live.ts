// A model's server-sent events: refetches what they concern and says whether the connection holds.
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "./event-source.ts";
import { modelPath } from "./model-paths.ts";
import { atMostEvery } from "./throttle.ts";

export type Connection = "opening" | "open" | "lost";

const refetchMs = 1000;
/** Compares thousands of values: less often. */
const driftMs = 10_000;

/** Follows one model while the page is shown. */
export function useModelEvents(name: string): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  useEffect(() => {
    const readAgain = (keys: readonly string[]) =>
      Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key, name] })));
    const calls = atMostEvery(refetchMs, () => {
      markStale(client, name);
      return readAgain(["series", "latest-calls"]);
    });
    const metrics = atMostEvery(refetchMs, () => {
      markStale(client, name);
      return readAgain(["windows", "prediction", "latest-calls"]);
    });
    const drift = atMostEvery(driftMs, () => readAgain(["drift"]));
    const unfollow = follow(`${modelPath(name)}/events`, {
      onOpen(again) {
        setConnection("open");
        if (again) client.invalidateQueries();
      },
      onLost() {
        setConnection("lost");
        client.invalidateQueries({ queryKey: ["model", name] }); // tells an ended session from a stopped server
      },
      events: {
        prediction() {
          calls.call();
          drift.call();
        },
        metrics: metrics.call,
        deployment() {
          readAgain(["model", "newest-deployment", "deployments", "builds"]);
        },
      },
    });
    return () => {
      unfollow();
      for (const each of [calls, metrics, drift]) each.cancel();
    };
  }, [client, name]);

  return connection;
}

/** A table that shows its first page is read again; one that is scrolled further only learns that newer rows are there. */
function markStale(client: QueryClient, name: string): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ["predictions", name] })) {
    const pages = (query.state.data as InfiniteData<unknown> | undefined)?.pages.length ?? 0;
    client.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: pages <= 1 ? "active" : "none" });
  }
}
