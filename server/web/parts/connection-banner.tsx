// A thin line while live news do not come in. It lies over the page, so that nothing jumps, and goes by itself.
import { IconPlugConnectedX } from "@tabler/icons-react";
import styles from "./connection-banner.module.css";
import type { Connection } from "./live.ts";

export function ConnectionBanner({ connection }: { connection: Connection }) {
  return (
    <div className={styles.place} role="status">
      {connection === "lost" && (
        <span className={styles.banner}>
          <IconPlugConnectedX size={15} stroke={1.8} aria-hidden />
          Connection lost; trying again. What is shown may be old.
        </span>
      )}
    </div>
  );
}
