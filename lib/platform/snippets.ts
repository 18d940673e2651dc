// How others call a model: the same call for a shell, TypeScript and Python.
import { curlLine, pythonSnippet, typescriptSnippet } from "../contract/call-snippets.ts";
import type { JsonObject } from "../contract/signature.ts";
import type { ModelEndpoint } from "./call-model.ts";

export interface Snippets {
  readonly curl: string;
  readonly typescript: string;
  readonly python: string;
}

/** One call of a model with a request, ready to paste; the access key is in it. */
export function snippets({ endpoint, accessKey }: ModelEndpoint, request: JsonObject): Snippets {
  const call = { endpoint, accessKey, request };
  return { curl: curlLine(call), typescript: typescriptSnippet(call), python: pythonSnippet(call) };
}
