import { expect, test } from "vitest";
import { createKeptAnswers } from "../../../server/monitoring/kept-answers.ts";

test("an answer is read once a version, and read again when its version is another", async () => {
  let reads = 0;
  const kept = createKeptAnswers<number>({ most: 2 });
  const read = async () => ++reads;
  expect(await Promise.all([kept("a", 1, read), kept("a", 1, read)])).toEqual([1, 1]);
  expect(await kept("a", 2, read)).toBe(2);
  expect(await kept("a", 2, read)).toBe(2);
});

test("the oldest answer goes when there are more than are kept", async () => {
  const kept = createKeptAnswers<string>({ most: 2 });
  for (const key of ["a", "b", "c"]) await kept(key, 1, async () => key);
  expect(await kept("b", 1, async () => "read again")).toBe("b");
  expect(await kept("a", 1, async () => "read again")).toBe("read again");
});

test("a failure is told to whoever asked, and not kept", async () => {
  const kept = createKeptAnswers<string>({ most: 2 });
  await expect(kept("a", 1, () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(await kept("a", 1, async () => "there")).toBe("there");
});
