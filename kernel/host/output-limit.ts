// A cell that never stops printing would fill notebook and memory: what goes beyond the limit is dropped, said once when it begins
// and counted at the cell's end.
import type { OutputName } from "./child-messages.ts";

/** Text for the cell's stderr, as the inside of a JSON string. */
export type SayDropped = (run: number, name: OutputName, text: Buffer) => void;

export interface OutputLimit {
  /** Does this fragment still go out? */
  admits(run: number, pieces: readonly Buffer[]): boolean;
  /** The cell has ended: says how much of it was dropped. */
  end(run: number): void;
}

interface Printed {
  bytes: number;
  dropped: number;
}

/** Cells whose late output is still counted. */
const rememberedRuns = 1000;

export function createOutputLimit(limitBytes: number, say: SayDropped): OutputLimit {
  const printed = new Map<number, Printed>();
  const tell = (run: number, text: string) => say(run, "stderr", Buffer.from(JSON.stringify(text).slice(1, -1)));
  const countOf = (run: number) => {
    const count = printed.get(run) ?? { bytes: 0, dropped: 0 };
    printed.set(run, count);
    printed.delete(run - rememberedRuns);
    return count;
  };

  return {
    admits(run, pieces) {
      const size = pieces.reduce((sum, { length }) => sum + length, 0);
      const count = countOf(run);
      if (count.dropped === 0 && count.bytes + size <= limitBytes) {
        count.bytes += size;
        return true;
      }
      if (count.dropped === 0)
        tell(run, `\nOutput is limited to ${megabytes(limitBytes)} a cell: the rest is dropped.\n`);
      count.dropped += size;
      return false;
    },
    end(run) {
      const count = printed.get(run);
      if (count && count.dropped > 0) tell(run, `${megabytes(count.dropped)} of output were dropped.\n`);
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
