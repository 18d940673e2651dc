// A log as it grows: only the lines in sight are drawn; follows its end until the reader scrolls away.
import { ActionIcon, Switch } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import { FailureOf } from "./failure.tsx";
import styles from "./log-view.module.css";
import { count } from "./numbers.ts";
import type { LiveLog } from "./use-log.ts";
import "../theme/forms.css";

export interface LogViewProps {
  readonly live: LiveLog;
  /** Address of the whole log. */
  readonly href: string;
  readonly fileName: string;
  /** Said while there is no line. */
  readonly empty: string;
  readonly title?: string;
  readonly children?: ReactNode;
}

const lineHeight = 20;

export function LogView({ live, href, fileName, empty, title = "Log", children }: LogViewProps) {
  const { log, state, error, reread } = live;
  const [following, setFollowing] = useState(true);
  const lines = log.lines.at(-1) === "" ? log.lines.slice(0, -1) : log.lines;
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        {children}
        <Switch
          size="xs"
          label="Follow"
          checked={following}
          onChange={(event) => setFollowing(event.currentTarget.checked)}
        />
        <span>
          <CopyButton text={lines.join("\n")} label="Copy log" />
          <ActionIcon
            component="a"
            href={href}
            download={fileName}
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Download log"
            title="Download log"
          >
            <IconDownload size={15} stroke={1.7} />
          </ActionIcon>
        </span>
      </div>
      {error && <FailureOf what="The log could not be read" error={error} onRetry={reread} />}
      {lines.length === 0 ? (
        <p className={styles.empty}>{state === "reading" ? "Reading the log …" : empty}</p>
      ) : (
        <Lines lines={lines} following={following} onFollow={setFollowing} label={`${title}, lines`} />
      )}
      {log.cut && <p className={styles.note}>The last {count(lines.length)} lines; the download has all of them.</p>}
    </section>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly following: boolean;
  readonly label: string;
  onFollow(following: boolean): void;
}

function Lines({ lines, following, label, onFollow }: LinesProps) {
  const box = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });

  useEffect(() => {
    const element = box.current;
    if (following && element && lines.length > 0) element.scrollTop = element.scrollHeight;
  }, [following, lines]);

  /** Scrolling up stops following, as in a terminal; reaching the end starts it again. */
  function noticeScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    const atEnd = scrollHeight - scrollTop - clientHeight < lineHeight * 2;
    if (atEnd !== following) onFollow(atEnd);
  }

  return (
    <section
      ref={box}
      className={styles.lines}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the arrow keys once focused
      tabIndex={0}
      onScroll={noticeScroll}
    >
      <div className={styles.sheet} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <div key={index} className={styles.line} style={{ top: start }}>
            {lines[index] || " "}
          </div>
        ))}
      </div>
    </section>
  );
}
