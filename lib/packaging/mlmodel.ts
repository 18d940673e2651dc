// MLmodel files, ours and those of MLflow's other clients, as objects.
import { parse } from "yaml";
import type { ColumnSpec, JsonObject, Signature } from "../contract/signature.ts";
import type { MlModel } from "./format-mlmodel.ts";

export { formatMlmodel, type MlModel } from "./format-mlmodel.ts";

/** The file's fields as they are spelled there. */
interface WireModel {
  readonly flavors?: { readonly [flavor: string]: JsonObject | null };
  readonly model_uuid?: string;
  readonly model_size_bytes?: number;
  readonly utc_time_created?: string;
  readonly signature?: { readonly inputs?: string | null; readonly outputs?: string | null } | null;
  readonly run_id?: string | null;
  readonly artifact_path?: string | null;
  readonly saved_input_example_info?: { readonly artifact_path?: string } | null;
  readonly metadata?: JsonObject | null;
}

interface WireColumn {
  readonly type: ColumnSpec["type"];
  readonly name?: string;
  readonly required?: boolean;
}

/**
 * @param text of an MLmodel file
 * @throws TypeError it is no YAML map with flavors
 */
export function parseMlmodel(text: string): MlModel {
  const wire = parseYaml(text);
  const { flavors, signature, run_id, artifact_path, saved_input_example_info, metadata } = wire;
  if (!flavors) throw new TypeError("Cannot read MLmodel: found no flavors, expected at least one");
  const inputExample = saved_input_example_info?.artifact_path;
  return {
    flavors: Object.fromEntries(Object.entries(flavors).map(([name, settings]) => [name, settings ?? {}])),
    modelUuid: wire.model_uuid ?? "",
    modelSizeBytes: wire.model_size_bytes ?? 0,
    utcTimeCreated: wire.utc_time_created ?? "",
    ...(signature?.inputs && { signature: readSignature(signature.inputs, signature.outputs, flavors["cellwright"]) }),
    ...(run_id && { runId: run_id }),
    ...(artifact_path && { artifactPath: artifact_path }),
    ...(inputExample && { inputExample }),
    ...(metadata && { metadata }),
  };
}

function parseYaml(text: string): WireModel {
  let wire: unknown;
  try {
    wire = parse(text);
  } catch (cause) {
    throw new TypeError("Cannot read MLmodel: found broken YAML", { cause });
  }
  if (typeof wire === "object" && wire !== null) return wire as WireModel;
  throw new TypeError("Cannot read MLmodel: found no map, expected flavors and more");
}

function readSignature(
  inputs: string,
  outputs: string | null | undefined,
  flavor: JsonObject | null | undefined,
): Signature {
  const categories = (flavor?.["categories"] ?? {}) as { readonly [column: string]: readonly string[] };
  const columns = readColumns(inputs).map((column) => {
    const values = categories[column.name];
    return values ? { ...column, categories: values } : column;
  });
  return { inputs: columns, ...(outputs && { outputs: readColumns(outputs) }) };
}

function readColumns(json: string): ColumnSpec[] {
  return (JSON.parse(json) as WireColumn[]).map(({ type, name = "", required = true }) => ({
    name,
    type,
    ...(!required && { required }),
  }));
}
