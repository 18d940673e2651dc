// The text of an MLmodel file. JSON's scalars are YAML's, so that no YAML library has to come along into bundles of models.
import type { JsonObject, JsonValue, Signature } from "../contract/signature.ts";
import { toColSpecs } from "./signature.ts";

/** What stands in an MLmodel file. */
export interface MlModel {
  /** Flavor → its settings; ours is `cellwright`. */
  readonly flavors: { readonly [flavor: string]: JsonObject };
  readonly modelUuid: string;
  readonly modelSizeBytes: number;
  /** `2026-01-31 12:00:00.000000`, UTC. */
  readonly utcTimeCreated: string;
  readonly signature?: Signature;
  readonly runId?: string;
  readonly artifactPath?: string;
  /** File of an example request in the folder. */
  readonly inputExample?: string;
  readonly metadata?: JsonObject;
}

/**
 * YAML as MLflow reads it. Categories, which MLflow's signature has no place for, go into our flavor's section.
 */
export function formatMlmodel(model: MlModel): string {
  const { signature, runId, artifactPath, inputExample, metadata } = model;
  const categories = signature && categoriesOf(signature);
  const flavors = categories
    ? { ...model.flavors, cellwright: { ...model.flavors["cellwright"], categories } }
    : model.flavors;
  return yamlOf({
    ...(artifactPath !== undefined && { artifact_path: artifactPath }),
    flavors,
    ...(metadata && { metadata }),
    model_size_bytes: model.modelSizeBytes,
    model_uuid: model.modelUuid,
    ...(runId !== undefined && { run_id: runId }),
    ...(inputExample !== undefined && {
      saved_input_example_info: { artifact_path: inputExample, type: "json_object" },
    }),
    ...(signature && { signature: wireSignature(signature) }),
    utc_time_created: model.utcTimeCreated,
  });
}

/** MLflow keeps both lists as JSON texts. */
function wireSignature({ inputs, outputs }: Signature): JsonObject {
  return {
    inputs: JSON.stringify(toColSpecs(inputs)),
    outputs: outputs ? JSON.stringify(toColSpecs(outputs)) : null,
    params: null,
  };
}

function categoriesOf({ inputs }: Signature): JsonObject | undefined {
  const found = inputs.filter(({ categories }) => categories !== undefined);
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(({ name, categories }) => [name, [...categories!]]));
}

/** Maps over lines, keys and leaves as JSON. */
function yamlOf(value: JsonObject, indent = ""): string {
  return Object.entries(value)
    .map(([key, part]) => {
      const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !reserved.test(key) ? key : JSON.stringify(key);
      if (!isMap(part)) return `${indent}${name}: ${jsonOf(part)}\n`;
      return `${indent}${name}:\n${yamlOf(part, `${indent}  `)}`;
    })
    .join("");
}

/** Words that YAML 1.1, which Python reads, takes for something else. */
const reserved = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** YAML ends a line at these two, JSON does not. */
function jsonOf(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[\u2028\u2029\u0085]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function isMap(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;
}
