// Values as a debugger shows them: a line each, and a reference to what is inside.
import type { DebugVariable } from "./dap.ts";
import type { MainThread, RemoteObject } from "./main-thread.ts";

interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
}

/** Names of a paused frame, which are set in another way than an object's. */
export interface ScopePlace {
  readonly callFrameId: string;
  readonly scopeNumber: number;
}

export interface Variables {
  /** A reference that stays good until the next `forget`. */
  reference(objectId: string, scope?: ScopePlace): number;
  describe(name: string, value: RemoteObject): DebugVariable;
  /** What is inside. @param page a part of it; without one, all. @throws RangeError no such reference */
  inside(reference: number, page?: { start?: number; count?: number }): Promise<DebugVariable[]>;
  set(reference: number, name: string, value: RemoteObject): Promise<void>;
  forget(): void;
}

const longestText = 200;

/** How a client wants types named; undefined leaves the type out. */
export type TypeName = (value: RemoteObject) => string | undefined;

export const plainType: TypeName = ({ type, subtype, className }) =>
  subtype === "null" ? "null" : (className ?? type);

/** JupyterLab shows a value only where its type has the name that Python gives it, or none. */
export const labType: TypeName = ({ type }) => ({ number: "float", string: "str", boolean: "bool" })[type];

export function createVariables({ post }: MainThread, typeName: TypeName): Variables {
  let objects: { objectId: string; scope?: ScopePlace | undefined }[] = [];
  let first = 1;
  const reference = (objectId: string, scope?: ScopePlace): number => first + objects.push({ objectId, scope }) - 1;
  const find = (wanted: number) => {
    const found = objects[wanted - first];
    if (found === undefined) throw new RangeError(`Cannot look inside: found no reference ${wanted}`);
    return found;
  };
  const describe = (name: string, value: RemoteObject): DebugVariable => ({
    name,
    value: textOf(value),
    ...typed(typeName(value)),
    evaluateName: name,
    variablesReference: value.objectId && value.type !== "symbol" ? reference(value.objectId) : 0,
  });

  return {
    reference,
    describe,
    async inside(wanted, { start = 0, count } = {}) {
      const { result, privateProperties = [] } = await post<{
        result: Property[];
        privateProperties?: Property[];
      }>("Runtime.getProperties", { objectId: find(wanted).objectId, ownProperties: true, generatePreview: true });
      const shown = [...result, ...privateProperties].filter(({ name }) => !isHidden(name));
      return shown
        .slice(start, count ? start + count : undefined)
        .map(({ name, value, get }) =>
          value
            ? describe(name, value)
            : { name, value: get ? "(getter)" : "(not yet)", evaluateName: name, variablesReference: 0 },
        );
    },
    async set(wanted, name, value) {
      const { objectId, scope } = find(wanted);
      const newValue = value.objectId
        ? { objectId: value.objectId }
        : value.unserializableValue
          ? { unserializableValue: value.unserializableValue }
          : { value: value.value };
      if (scope) {
        await post("Debugger.setVariableValue", { ...scope, variableName: name, newValue });
        return;
      }
      await post("Runtime.callFunctionOn", {
        functionDeclaration: "function (name, value) { this[name] = value; }",
        objectId,
        arguments: [{ value: name }, newValue],
        silent: true,
      });
    },
    forget() {
      first += objects.length;
      objects = [];
    },
  };
}

function typed(type: string | undefined): { type?: string } {
  return type === undefined ? {} : { type };
}

/** The kernel's own names. */
export function isHidden(name: string): boolean {
  return /^(__cellwright__|\$used\d+|\$error|__(esDecorate|runInitializers|decorate|metadata|param|setFunctionName|propKey))$/.test(
    name,
  );
}

function textOf({ type, subtype, description, value, unserializableValue, preview }: RemoteObject): string {
  if (type === "string") return cut(JSON.stringify(value));
  if (type === "function") return cut((description ?? "function").split("\n")[0]!);
  if (preview && preview.properties.length > 0 && subtype !== "error") {
    const parts = preview.properties.map(({ name, type, value = "" }) => {
      const text = type === "string" ? JSON.stringify(value) : type === "function" ? "ƒ" : value;
      return subtype === "array" && /^\d+$/.test(name) ? text : `${name}: ${text}`;
    });
    const inner = [...parts, ...(preview.overflow ? ["…"] : [])].join(", ");
    return cut(`${description} ${subtype === "array" ? `[${inner}]` : `{${inner}}`}`);
  }
  return cut(unserializableValue ?? description ?? String(value));
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
