// What failed: the cell, the code of the error, its message, and the traceback to copy.
import { IconAlertTriangle } from "@tabler/icons-react";
import type { JobFailure } from "../../../../lib/contract/job.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import failure from "../../parts/failure.module.css";
import { withoutColours } from "../../parts/log-lines.ts";
import { labHref } from "../../parts/notebooks.ts";
import styles from "./run-failure.module.css";

export function RunFailure({ failure: { cell, name, code, message, traceback }, file }: RunFailureProps) {
  return (
    <div className={`${failure.failure} ${styles.card}`} role="alert">
      <IconAlertTriangle className={failure.icon} size={18} stroke={1.8} aria-hidden />
      <div className={`${failure.text} ${styles.text}`}>
        <p className={failure.what}>{cell ? `Failed in ${cell}` : "The run failed"}</p>
        <p>
          <strong>{name}</strong>: {message}
        </p>
        {traceback && traceback.length > 0 && (
          <CodeBlock label="traceback" shown={withoutColours(traceback.join("\n"))} />
        )}
        {!traceback?.length && code && <CodeBlock label="code" shown={code} />}
        <p className={failure.todo}>
          Mend the cell in <a href={labHref(file)}>{file}</a> and run again.
        </p>
      </div>
    </div>
  );
}

interface RunFailureProps {
  readonly failure: JobFailure;
  readonly file: string;
}
