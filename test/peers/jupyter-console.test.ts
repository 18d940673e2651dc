// `jupyter console` in a terminal of its own: typed at as a person types.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledKernel, installKernel } from "./installed-kernel.ts";
import { pythonMissing, runPython } from "./python.ts";

const converse = `
import json, os, re, sys
given = json.load(sys.stdin)
os.environ.update(given["env"])
import pexpect
console = pexpect.spawn(sys.executable, ["-m", "jupyter_console", "--kernel", "cellwright", "--simple-prompt"],
  encoding="utf8", timeout=60, dimensions=(50, 120), env={**os.environ, "TERM": "dumb"})
said = []
for line, answer in given["talk"]:
    console.expect(r"In \\[\\d+\\]: ")
    console.sendline(line)
    console.expect(answer)
    said.append(console.after)
console.expect(r"In \\[\\d+\\]: ")
console.sendeof()
if console.expect([pexpect.EOF, r"really want to exit"]) == 1:
    console.sendline("y")
    console.expect(pexpect.EOF)
json.dump(said, sys.stdout)
`;

describe.skipIf(pythonMissing("jupyter_console", "pexpect"))("jupyter console with our kernel", () => {
  let kernel: InstalledKernel;
  beforeAll(async () => {
    kernel = await installKernel();
  });
  afterAll(() => kernel[Symbol.dispose]());

  test("answers, prints, remembers, refuses and ends", () => {
    const talk = [
      ["const n: number = 20", "In \\[2\\]|\\n"],
      ["n + 1", "Out\\[2\\]: 21"],
      ['console.log("hello")', "hello\\r?\\n"],
      ["n.foo", "TS2339: Property 'foo' does not exist"],
      ["[1, 2].map((x) => x * n)", "\\[ 20, 40 \\]"],
    ];
    expect(runPython<string[]>(converse, { talk, env: kernel.env })).toHaveLength(talk.length);
  });
});
