// SQL of what goes when its time is over.
import type { Database } from "../storage/database.ts";
import type { OldestArguments } from "./transactions.ts";

export interface RetentionStore {
  countCalls(): Promise<number>;
  /** Of the `limit` oldest calls those from before a time, and at least `tooMany`. @returns how many went */
  deleteOldest(args: OldestArguments): Promise<number>;
  /** Stretches that ended before a time. */
  deleteAggregates(before: number): Promise<void>;
}

export function createRetentionStore(database: Database): RetentionStore {
  const { query } = database;
  return {
    async countCalls() {
      const counted = query.selectFrom("prediction").select(({ fn }) => fn.countAll<number>().as("calls"));
      for await (const [row] of database.readLong(counted.compile())) if (row) return row.calls;
      return 0;
    },
    deleteOldest: (args) => database.transact("delete-oldest-predictions", args),
    deleteAggregates: (before) => database.transact("delete-aggregate-metrics", { before }),
  };
}
