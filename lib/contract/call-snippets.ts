// The same call of a model in three languages, ready to paste: for the terminal, notebooks and pages. Pure text; the key is
// handed in, masked or not.
import type { JsonObject, JsonValue } from "./signature.ts";

export interface SnippetCall {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly request: JsonObject;
}

export function curlSnippet({ endpoint, accessKey, request }: SnippetCall): string {
  const body = JSON.stringify({ accessKey, request }, null, 2);
  return [
    `curl ${shellQuoted(endpoint)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d ${shellQuoted(body)}`,
  ].join("\n");
}

/** For a terminal, where one line is copied whole. */
export function curlLine({ endpoint, accessKey, request }: SnippetCall): string {
  const body = JSON.stringify({ accessKey, request });
  return `curl -s ${shellQuoted(endpoint)} -H 'content-type: application/json' -d ${shellQuoted(body)}`;
}

export function typescriptSnippet({ endpoint, accessKey, request }: SnippetCall): string {
  return `const reply = await fetch(${JSON.stringify(endpoint)}, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    accessKey: ${JSON.stringify(accessKey)},
    request: ${indented(JSON.stringify(request, null, 2), 4)},
  }),
});
const { success, response, error } = await reply.json();
if (!success) throw new Error(error.message);
console.log(response);
`;
}

/** The standard library only, so that it runs wherever Python does. */
export function pythonSnippet({ endpoint, accessKey, request }: SnippetCall): string {
  return `import json
from urllib.request import Request, urlopen

call = {
    "accessKey": ${JSON.stringify(accessKey)},
    "request": ${indented(pythonLiteral(request), 4)},
}
reply = urlopen(Request(
    ${JSON.stringify(endpoint)},
    data=json.dumps(call).encode(),
    headers={"content-type": "application/json"},
))
print(json.load(reply)["response"])
`;
}

function shellQuoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function pythonLiteral(value: JsonValue, depth = 0): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const pad = "    ".repeat(depth + 1);
  const close = `\n${"    ".repeat(depth)}`;
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => `${pad}${pythonLiteral(item, depth + 1)}`);
    return items.length === 0 ? "[]" : `[\n${items.join(",\n")}${close}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${pad}${JSON.stringify(key)}: ${pythonLiteral(item, depth + 1)}`,
  );
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}${close}}`;
}

function indented(text: string, by: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(by)}`);
}
