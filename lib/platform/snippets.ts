// How others call a model: the same call for a shell, TypeScript and Python.
import type { JsonObject } from "../contract/signature.ts";
import type { ModelEndpoint } from "./call-model.ts";

export interface Snippets {
  readonly curl: string;
  readonly typescript: string;
  readonly python: string;
}

/** One call of a model with a request, ready to paste; the access key is in it. */
export function snippets({ endpoint, accessKey }: ModelEndpoint, request: JsonObject): Snippets {
  const body = JSON.stringify({ accessKey, request });
  return {
    curl: `curl -s -X POST ${endpoint} -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`,
    typescript: [
      `const reply = await fetch(${JSON.stringify(endpoint)}, {`,
      '  method: "POST",',
      '  headers: { "content-type": "application/json" },',
      `  body: JSON.stringify(${JSON.stringify({ accessKey, request })}),`,
      "});",
      "const { response } = await reply.json();",
    ].join("\n"),
    python: [
      "import json, urllib.request",
      `body = json.loads(${JSON.stringify(body)})`,
      `call = urllib.request.Request(${JSON.stringify(endpoint)}, json.dumps(body).encode(), {"content-type": "application/json"})`,
      'response = json.load(urllib.request.urlopen(call))["response"]',
    ].join("\n"),
  };
}
