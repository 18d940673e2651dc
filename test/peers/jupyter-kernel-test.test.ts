// PyPI's jupyter_kernel_test, the protocol's own suite, with every group on: an attribute left empty would skip its group in silence,
// so the tests that ran are counted.
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";
import { pythonMissing, runPython } from "./python.ts";

const suite = `
import io, json, os, sys, unittest
os.environ.update(json.load(sys.stdin)["env"])
import jupyter_kernel_test as jkt

class Protocol(jkt.KernelTests):
    kernel_name = "cellwright"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "console.log?"
    code_generate_error = "throw new Error('on purpose')"
    code_clear_output = "(globalThis as any)[Symbol.for('cellwright.display')].clear()"
    code_inspect_sample = "Math.max"
    code_execute_result = [{"code": "1+2+3", "result": "6"}, {"code": "'a' + 'b'", "result": "'ab'"}]
    code_display_data = [
        {"code": "(globalThis as any)[Symbol.for('cellwright.display')].send({'text/html': '<b>x</b>', 'text/plain': 'x'})", "mime": "text/html"},
        {"code": "require('tslab').display.markdown('*x*')", "mime": "text/markdown"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    completion_samples = [
        {"text": "Math.sqr", "matches": {"sqrt"}},
        {"text": "JSON.par", "matches": {"parse"}},
    ]
    complete_code_samples = ["1 + 1", "function f() { return 1; }", "const a = [\\n 1,\\n];"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "\`open"]
    invalid_code_samples = ["const = 1", ")", "let 1a = 2"]

class Welcome(jkt.IopubWelcomeTests):
    kernel_name = "cellwright"
    support_iopub_welcome = True

out = io.StringIO()
tests = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (Protocol, Welcome))
result = unittest.TextTestRunner(stream=out, verbosity=2).run(tests)
json.dump({"ran": result.testsRun, "skipped": [str(s) for s in result.skipped],
  "failed": [str(t) + why for t, why in result.failures + result.errors], "log": out.getvalue()}, sys.stdout)
`;

interface Result {
  readonly ran: number;
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
  readonly log: string;
}

describe.skipIf(pythonMissing("jupyter_kernel_test"))("jupyter_kernel_test", () => {
  const home = temporaryFolder();
  beforeAll(async () => {
    const { code, stderr } = await cellwright(["kernel", "install", "--prefix", home.path]);
    expect(code, stderr).toBe(0);
    return () => home[Symbol.dispose]();
  });

  test("passes whole: thirteen tests, none skipped", () => {
    const env = {
      JUPYTER_PATH: join(home.path, "share/jupyter"),
      CELLWRIGHT_PROJECT: root,
      CELLWRIGHT_HOME: home.path,
    };
    const { ran, skipped, failed, log } = runPython<Result>(suite, { env });
    expect(failed, log).toEqual([]);
    expect(skipped).toEqual([]);
    expect(ran).toBe(13);
  });
});
