// What an application prints, as it prints it.
import { applicationPath } from "../../parts/application-queries.ts";
import { LogView } from "../../parts/log-view.tsx";
import type { LiveLog } from "../../parts/use-log.ts";

export function ApplicationLog({ name, live }: { name: string; live: LiveLog }) {
  return (
    <LogView
      live={live}
      href={`${applicationPath(name)}/log`}
      fileName={`${name}.log`}
      empty="Nothing was logged yet."
    />
  );
}
