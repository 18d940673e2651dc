// A log on the page: its tail read once, then what the stream brings; a gap is read again.
import { useCallback, useEffect, useRef, useState } from "react";
import { getLog } from "./api.ts";
import { type LogLines, noLines, tailOf, tailStart, withText } from "./log-lines.ts";

export interface LiveLog {
  readonly log: LogLines;
  readonly state: "reading" | "read" | "failed";
  readonly error: Error | undefined;
  /** What the stream brought. */
  append(event: { readonly text: string; readonly end: number }): void;
  /** Reads what came since. */
  reread(): void;
}

/** @param bytes of the log now; undefined while that is not known yet */
export function useLog(path: string, bytes: number | undefined): LiveLog {
  const [log, setLog] = useState<LogLines>(noLines);
  const [state, setState] = useState<LiveLog["state"]>("reading");
  const [error, setError] = useState<Error>();
  const current = useRef(noLines);
  const busy = useRef(false);
  const again = useRef(false);
  const known = bytes !== undefined;
  const start = useRef<number>();
  if (known) start.current ??= tailStart(bytes);

  const show = useCallback((next: LogLines): void => {
    current.current = next;
    setLog(next);
  }, []);

  const read = useCallback(async (): Promise<void> => {
    if (start.current === undefined) return;
    if (busy.current) {
      again.current = true;
      return;
    }
    busy.current = true;
    try {
      const fresh = current.current === noLines;
      const from = fresh ? start.current : current.current.end;
      const { text, end } = await getLog(path, from);
      const begunAnew = !fresh && end < from;
      const next = fresh || begunAnew ? undefined : withText(current.current, { text, end });
      show(next ?? tailOf(text, begunAnew ? 0 : from, end));
      setState("read");
      setError(undefined);
    } catch (failure) {
      setError(failure as Error);
      setState("failed");
    } finally {
      busy.current = false;
      if (again.current) {
        again.current = false;
        read();
      }
    }
  }, [path, show]);

  useEffect(() => {
    if (known) read();
  }, [known, read]);

  const append = useCallback(
    (event: { text: string; end: number }): void => {
      const next = busy.current ? undefined : withText(current.current, event);
      if (next) show(next);
      else read();
    },
    [read, show],
  );

  return { log, state, error, append, reread: read };
}
