// Code to take along. What is copied may differ from what is shown: secrets are masked on the screen only.

import styles from "./code-block.module.css";
import { CopyButton } from "./copy-button.tsx";
import { ScrollBox } from "./scroll-box.tsx";

export interface CodeBlockProps {
  readonly label: string;
  readonly shown: string;
  readonly copied?: string;
}

export function CodeBlock({ label, shown, copied = shown }: CodeBlockProps) {
  return (
    <div className={styles.block}>
      <ScrollBox label={label} className={styles.code}>
        <pre>{shown}</pre>
      </ScrollBox>
      <div className={styles.copy}>
        <CopyButton text={copied} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
