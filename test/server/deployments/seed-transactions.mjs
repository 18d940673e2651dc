// Puts builds into the table that no builder made. Plain JavaScript: it runs in the writer thread.
export const transactions = {
  "seed-build": async (tx, row) => {
    await tx.insertInto("build").values(row).execute();
  },
};
