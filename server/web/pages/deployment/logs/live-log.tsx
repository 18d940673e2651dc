// One deployment's log: read once, then what the stream brings.
import { type ReactNode, useEffect } from "react";
import { follow } from "../../../parts/event-source.ts";
import { LogView } from "../../../parts/log-view.tsx";
import { useLog } from "../../../parts/use-log.ts";

export interface LiveLogProps {
  readonly path: string;
  readonly title: string;
  readonly fileName: string;
  readonly children?: ReactNode;
}

export function LiveLog({ path, title, fileName, children }: LiveLogProps) {
  const live = useLog(path, 0);
  const { append, reread } = live;

  useEffect(
    () =>
      follow(`${path}/events`, {
        onOpen: (again) => again && reread(),
        onLost: () => {}, // the page's own banner says so
        events: { log: (data) => append(data as { text: string; end: number }) },
      }),
    [path, append, reread],
  );

  return (
    <LogView live={live} href={path} fileName={fileName} title={title} empty="Its replicas have printed nothing yet.">
      {children}
    </LogView>
  );
}
