import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  curlLine,
  curlSnippet,
  pythonSnippet,
  type SnippetCall,
  typescriptSnippet,
} from "../../../lib/contract/call-snippets.ts";

const call: SnippetCall = {
  endpoint: "http://127.0.0.1:8888/model",
  accessKey: "m-key",
  request: { name: `O'Hara "Bo" \\ $HOME`, tenure: 3, partner: true, none: null, tags: ["a", { b: [] }], more: {} },
};
const body = { accessKey: call.accessKey, request: call.request };

describe("snippets", () => {
  test("curl's body survives the shell", () => {
    for (const snippet of [curlSnippet(call), curlLine(call)]) {
      const printed = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${snippet}`], { encoding: "utf8" });
      const words = printed.split("\0");
      expect(words).toContain(call.endpoint);
      expect(JSON.parse(words[words.indexOf("-d") + 1]!)).toEqual(body);
    }
    expect(curlLine(call)).not.toContain("\n");
  });

  test("TypeScript sends the same body and shows the response", async () => {
    const sent: unknown[] = [];
    const shown: unknown[] = [];
    const fetch = async (url: string, init: { body: string; method: string }) => {
      sent.push([url, init.method, JSON.parse(init.body)]);
      return { json: async () => ({ success: true, response: { prediction: 1 } }) };
    };
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    await new AsyncFunction("fetch", "console", typescriptSnippet(call))(fetch, {
      log: (value: unknown) => shown.push(value),
    });
    expect(sent).toEqual([[call.endpoint, "POST", body]]);
    expect(shown).toEqual([{ prediction: 1 }]);
  });

  test("Python writes its own literals", () => {
    expect(pythonSnippet(call)).toContain(`"request": {
        "name": "O'Hara \\"Bo\\" \\\\ $HOME",
        "tenure": 3,
        "partner": True,
        "none": None,
        "tags": [
            "a",
            {
                "b": []
            }
        ],
        "more": {}
    },`);
  });
});
