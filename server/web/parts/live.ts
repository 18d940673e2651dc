// A model's server-sent events: refetches what they concern, says when the connection is lost, opens it again by itself.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { atMostEvery } from "./throttle.ts";

export type Connection = "opening" | "open" | "lost";

const refetchMs = 1000;
const longestWaitMs = 10_000;

/** Follows one model while the page is shown. */
export function useModelEvents(name: string): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  useEffect(() => {
    const reread = atMostEvery(refetchMs, () =>
      Promise.all(["series", "latest-calls"].map((key) => client.invalidateQueries({ queryKey: [key, name] }))),
    );
    return follow(`/api/v2/models/${encodeURIComponent(name)}/events`, {
      onOpen(again) {
        setConnection("open");
        if (again) client.invalidateQueries();
      },
      onLost() {
        setConnection("lost");
        client.invalidateQueries({ queryKey: ["model", name] }); // tells an ended session from a stopped server
      },
      onPrediction: reread.call,
      onDeployment() {
        for (const key of ["model", "newest-deployment"]) client.invalidateQueries({ queryKey: [key, name] });
      },
      onClosed: reread.cancel,
    });
  }, [client, name]);

  return connection;
}

interface Listener {
  onOpen(again: boolean): void;
  onLost(): void;
  onPrediction(): void;
  onDeployment(): void;
  onClosed(): void;
}

/** An EventSource that also comes back after a refused reply, which the browser's own gives up on. */
function follow(url: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let waitMs = 500;
  let opened = false;

  function open(): void {
    source = new EventSource(url);
    source.onopen = () => {
      waitMs = 500;
      listener.onOpen(opened);
      opened = true;
    };
    source.onerror = () => {
      listener.onLost();
      source?.close();
      timer = window.setTimeout(open, waitMs);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    };
    source.addEventListener("prediction", () => listener.onPrediction());
    source.addEventListener("deployment", () => listener.onDeployment());
  }

  open();
  return () => {
    window.clearTimeout(timer);
    source?.close();
    listener.onClosed();
  };
}
