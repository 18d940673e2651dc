// How far something is, as a bar; its label says it in words.
import styles from "./progress.module.css";

export interface ProgressProps {
  readonly done: number;
  readonly of: number;
  readonly label: string;
  readonly tone?: "good" | "bad" | "still";
}

export function Progress({ done, of, label, tone = "good" }: ProgressProps) {
  const share = of === 0 ? 0 : Math.min(1, done / of);
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(done, of)}
      aria-valuetext={`${done} of ${of}`}
    >
      <div className={`${styles.done} ${tone === "good" ? "" : styles[tone]}`} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
