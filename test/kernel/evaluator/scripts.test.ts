// Scripts in V8's REPL mode, and what a collection of garbage does to one that waits.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type ScriptEnd, Scripts } from "../../../kernel/evaluator/scripts.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("a script that waits for what nobody can ever settle goes on waiting, whatever is collected", async () => {
  const scripts = new Scripts();
  const ends: ScriptEnd[] = [];
  const waiting = scripts.prepare("await new Promise(() => {})", (end) => ends.push(end));
  waiting.start();
  await collected();
  expect(ends).toEqual([]);
  waiting.abandon();
  await collected();
  expect(ends).toEqual([]);
});

test("a script that ends is told so though garbage is collected while it waits", async () => {
  const scripts = new Scripts();
  const end = new Promise<ScriptEnd>((done) => {
    scripts.prepare("await new Promise((done) => setTimeout(done, 30)); throw new Error('late')", done).start();
  });
  await collected();
  const { failure, exception } = await end;
  expect(failure).toBeUndefined();
  expect(exception?.exception?.description).toContain("late");
});

/** More than once, each in a task of its own: what one finds is answered in the next. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((next) => setImmediate(next));
    collectGarbage();
  }
}
