// A moment: relative to read, absolute (local zone) in the tooltip.
import { useNow } from "./now.ts";
import { ago, moment } from "./numbers.ts";

export function When({ time }: { time: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={moment(time)}>
      {ago(time, Math.max(now, time))}
    </time>
  );
}
