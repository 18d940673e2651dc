// The events of applications, put into what is shown as they come.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Application } from "../../../lib/contract/application.ts";
import { follow } from "./event-source.ts";
import type { Connection } from "./live.ts";

/**
 * Follows all applications while the page is shown.
 *
 * @param onLogged the log of the one of this name has grown, or may have
 */
export function useApplicationEvents(onLogged?: (name: string | undefined) => void): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  const logged = useRef(onLogged);
  logged.current = onLogged;

  useEffect(
    () =>
      follow("/api/v2/applications/events", {
        onOpen(again) {
          setConnection("open");
          logged.current?.(undefined);
          if (again) client.invalidateQueries();
          else client.invalidateQueries({ queryKey: ["applications"] }); // the first read may be older than the stream
        },
        onLost() {
          setConnection("lost");
          client.invalidateQueries({ queryKey: ["applications"] });
        },
        events: {
          application: (data) => showApplication(client, data as Application),
          logged: (data) => logged.current?.((data as { name: string }).name),
          removed: (data) => dropApplication(client, (data as { name: string }).name),
        },
      }),
    [client],
  );

  return connection;
}

export function showApplication(client: QueryClient, application: Application): void {
  client.setQueryData(["application", application.name], application);
  client.setQueryData<readonly Application[]>(["applications"], (list) => list && withApplication(list, application));
}

export function dropApplication(client: QueryClient, name: string): void {
  client.setQueryData<readonly Application[]>(["applications"], (list) => list?.filter((shown) => shown.name !== name));
}

function withApplication(list: readonly Application[], application: Application): readonly Application[] {
  const known = list.some(({ id }) => id === application.id);
  if (known) return list.map((shown) => (shown.id === application.id ? application : shown));
  return [...list, application].sort((a, b) => a.name.localeCompare(b.name));
}
