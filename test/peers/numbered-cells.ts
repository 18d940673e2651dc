// A notebook whose cells each print a line and have a value, and what a client must have kept of it.
import { expect } from "vitest";
import { notebookText } from "../support/notebooks.ts";

interface ExecutedCell {
  readonly execution_count?: number | null;
  readonly outputs?: readonly unknown[];
}

export function numberedCells(count: number): string {
  return notebookText(
    Array.from({ length: count }, (_, i) => ({ id: `c${i}`, source: `console.log("cell ${i}");\n${i} * 2` })),
  );
}

/** Every output of every cell, in order. */
export function expectEveryOutput(executed: readonly ExecutedCell[], count: number): void {
  expect(executed.map(({ execution_count: n }) => n)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  for (const [i, { outputs }] of executed.entries())
    expect(outputs).toMatchObject([
      { output_type: "stream", text: `cell ${i}\n` },
      { output_type: "execute_result", data: { "text/plain": String(i * 2) } },
    ]);
}
