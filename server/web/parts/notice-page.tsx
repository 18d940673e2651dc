// A page that only says one thing: a sentence, what to do about it, and a way on.
import type { ReactNode } from "react";
import styles from "./notice-page.module.css";
import { usePageTitle } from "./page-title.ts";

export function NoticePage({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title);
  return (
    <div className={styles.notice}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}
