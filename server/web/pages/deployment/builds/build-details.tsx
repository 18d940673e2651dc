// What went into a build and why, cell by cell, and what its cells printed when they were tried.

import type { ReactNode } from "react";
import type { Build } from "../../../../../lib/contract/model.ts";
import { CodeBlock } from "../../../parts/code-block.tsx";
import { moment } from "../../../parts/numbers.ts";
import { ScrollBox } from "../../../parts/scroll-box.tsx";
import { State } from "../../../parts/state.tsx";
import table from "../../../parts/table.module.css";
import styles from "./builds.module.css";

export function BuildDetails({ build }: { build: Build }) {
  return (
    <div className={styles.details}>
      <p className={styles.crn}>
        {moment(build.createdAt)} · <code>{build.crn}</code>
      </p>
      <ScrollBox className={table.scroll} label={`Cells of build ${build.id.slice(0, 7)}`}>
        <table className={table.table}>
          <thead>
            <tr>
              <th className={table.number}>Cell</th>
              <th>Id</th>
              <th>State</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {build.cells.map(({ cell, position, kept, why }) => (
              <tr key={cell}>
                <td className={table.number}>{position}</td>
                <td>
                  <code>{cell}</code>
                </td>
                <td>{kept ? <State tone="good" word="kept" /> : <State tone="still" word="left out" />}</td>
                <td className={table.wide}>{withCode(why)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <h3 className={styles.logTitle}>Log</h3>
      {build.log.trim() === "" ? (
        <p className={styles.crn}>Its cells printed nothing.</p>
      ) : (
        <CodeBlock label={`Log of build ${build.id.slice(0, 7)}`} shown={build.log} />
      )}
    </div>
  );
}

/** Words between backticks are code. */
function withCode(text: string): ReactNode {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <code key={part + String(index)}>{part}</code> : part));
}
