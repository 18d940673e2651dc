// A part of a page under its own title, with what leads on beside it.
import { Paper } from "@mantine/core";
import { type ReactNode, useId } from "react";
import styles from "./card.module.css";

export interface CardProps {
  readonly title: string;
  /** At the right of the title: a link or a button. */
  readonly more?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Card({ title, more, className = "", children }: CardProps) {
  const id = useId();
  return (
    <Paper component="section" className={`${styles.card} ${className}`} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {more && <span className={styles.more}>{more}</span>}
      </div>
      {children}
    </Paper>
  );
}

/** One sentence, and what to do. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className={styles.empty}>{children}</p>;
}
