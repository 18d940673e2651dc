// What an application prints, as it prints it.
import { useEffect } from "react";
import type { Application } from "../../../../lib/contract/application.ts";
import { applicationPath } from "../../parts/application-queries.ts";
import { follow } from "../../parts/event-source.ts";
import { LogView } from "../../parts/log-view.tsx";
import { useLog } from "../../parts/use-log.ts";

export function ApplicationLog({ application }: { application: Application }) {
  const path = `${applicationPath(application.name)}/log`;
  const live = useLog(path, 0); // the server itself leaves out what is long ago
  const { append, reread } = live;
  useEffect(
    () =>
      follow(`${path}/events`, {
        onOpen: reread,
        onLost: () => {},
        events: { log: (data) => append(data as { text: string; end: number }) },
      }),
    [path, append, reread],
  );
  return <LogView live={live} href={path} fileName={`${application.name}.log`} empty="Nothing was logged yet." />;
}
