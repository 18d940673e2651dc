// JSON with its keys and values told apart by colour; the text itself is unchanged.
import type { ReactNode } from "react";
import styles from "./json-box.module.css";
import { ScrollBox } from "./scroll-box.tsx";

const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function JsonBox({ label, text }: { label: string; text: string }) {
  return (
    <ScrollBox label={label} className={styles.box}>
      <pre>{coloured(text)}</pre>
    </ScrollBox>
  );
}

function coloured(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    const [token, string, colon] = match;
    parts.push(text.slice(end, match.index));
    const kind = string === undefined ? "value" : colon === undefined ? "string" : "key";
    parts.push(
      <span key={match.index} className={styles[kind]}>
        {string ?? token}
      </span>,
      colon,
    );
    end = match.index + token.length;
  }
  return [...parts, text.slice(end)];
}
