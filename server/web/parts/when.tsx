// A moment: relative to read, absolute (local zone) in the tooltip.
import { useNow } from "./now.ts";
import { ago, moment } from "./numbers.ts";

/** What happened is never told as to come, though a server's clock may be ahead; `next` may be. */
export function When({ time, next = false }: { time: number; next?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={moment(time)}>
      {ago(time, next ? now : Math.max(now, time))}
    </time>
  );
}
