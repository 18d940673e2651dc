import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { frameReader, type OutputName, outputFragments, reportFrame } from "../../../kernel/host/child-messages.ts";
import { createRestSender, newBatchMemory, OutputBatch } from "../../../kernel/host/output-batch.ts";
import fc from "../../support/fast-check.ts";

/** What a parent reads, neighbours of the same run and stream put together. */
function createReader() {
  const taken: unknown[][] = [];
  const read = frameReader({
    output: (run, name, pieces) => {
      const text = JSON.parse(`"${Buffer.concat(pieces).toString()}"`) as string;
      const last = taken.at(-1);
      if (last?.[0] === run && last[1] === name) last[2] = `${last[2]}${text}`;
      else taken.push([run, name, text]);
    },
    report: (report) => taken.push([report.op]),
  });
  return { taken, write: (bytes: Uint8Array) => read(Buffer.from(bytes)) };
}

test("output and reports arrive whole and in order, however much is kept for a moment", () => {
  const pieces = fc.tuple(
    fc.nat(3),
    fc.constantFrom<OutputName>("stdout", "stderr"),
    fc.string({ unit: "grapheme" }),
    fc.nat(3000),
  );
  fc.assert(
    fc.property(fc.array(fc.option(pieces), { maxLength: 200 }), (steps) => {
      const kept = createReader();
      const plain = createReader();
      const batch = new OutputBatch(newBatchMemory(), kept.write, () => {});
      const direct = new OutputBatch(newBatchMemory(), plain.write, () => {});
      for (const step of steps) {
        if (!step) for (const each of [batch, direct]) each.flush(reportFrame({ op: "ready" }));
        else
          for (const fragment of outputFragments(step[2].repeat(step[3]))) {
            batch.add(step[0], step[1], fragment);
            direct.add(step[0], step[1], fragment);
            direct.flush();
          }
      }
      batch.flush();
      expect(kept.taken).toEqual(plain.taken);
    }),
    { numRuns: 30 },
  );
});

test("a burst is few writes, its first lines go at once, and the second thread sends what is left", async () => {
  const { taken, write } = createReader();
  const memory = newBatchMemory();
  let writes = 0;
  const counted = (bytes: Uint8Array) => {
    writes++;
    write(bytes);
  };
  const rest = createRestSender(memory, counted);
  const batch = new OutputBatch(memory, counted, rest);
  batch.add(1, "stdout", "0\\n");
  expect(taken).toEqual([[1, "stdout", "0\n"]]);
  for (let i = 1; i < 1000; i++) batch.add(1, "stdout", `${i}\\n`);
  const text = Array.from({ length: 1000 }, (_, i) => `${i}\n`).join("");
  while ((taken[0]![2] as string).length < text.length) await sleep(1);
  expect(taken).toEqual([[1, "stdout", text]]);
  expect(writes).toBeLessThan(500);
});
