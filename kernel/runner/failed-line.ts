// Where in its cell a run failed, by the traceback: ours names frames `cell [COUNT]:LINE:COLUMN`. Pure.

/**
 * @param count the cell's execution count
 * @returns its line, from 1; undefined where the traceback does not lead into the cell
 */
export function failedLine(traceback: readonly string[], count: number | null): number | undefined {
  if (count === null) return undefined;
  const line = new RegExp(`\\bcell \\[${count}\\]:(\\d+)`).exec(traceback.join("\n"))?.[1];
  return line === undefined ? undefined : Number(line);
}
