// The head of a thing's page: its name with its state, facts in a line, what can be done with it.
import type { ReactNode } from "react";
import styles from "./page-head.module.css";

export interface PageHeadProps {
  readonly title: string;
  readonly state?: ReactNode;
  readonly description?: string | undefined;
  /** A Fact or several. */
  readonly facts?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

export function PageHead({ title, state, description, facts, children }: PageHeadProps) {
  return (
    <div className={styles.top}>
      <div className={styles.text}>
        <div className={styles.line}>
          <h1>{title}</h1>
          {state}
        </div>
        {description && <p className={styles.description}>{description}</p>}
        {facts && <ul className={styles.facts}>{facts}</ul>}
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}

/** Something short to know of the thing. */
export function Fact({ children }: { children: ReactNode }) {
  return <li>{children}</li>;
}
