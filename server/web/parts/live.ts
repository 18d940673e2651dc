// A model's server-sent events: refetches what they concern and says whether the connection holds.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "./event-source.ts";
import { atMostEvery } from "./throttle.ts";

export type Connection = "opening" | "open" | "lost";

const refetchMs = 1000;

/** Follows one model while the page is shown. */
export function useModelEvents(name: string): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  useEffect(() => {
    const reread = atMostEvery(refetchMs, () =>
      Promise.all(["series", "latest-calls"].map((key) => client.invalidateQueries({ queryKey: [key, name] }))),
    );
    const unfollow = follow(`/api/v2/models/${encodeURIComponent(name)}/events`, {
      onOpen(again) {
        setConnection("open");
        if (again) client.invalidateQueries();
      },
      onLost() {
        setConnection("lost");
        client.invalidateQueries({ queryKey: ["model", name] }); // tells an ended session from a stopped server
      },
      events: {
        prediction: reread.call,
        deployment() {
          for (const key of ["model", "newest-deployment"]) client.invalidateQueries({ queryKey: [key, name] });
        },
      },
    });
    return () => {
      unfollow();
      reread.cancel();
    };
  }, [client, name]);

  return connection;
}
