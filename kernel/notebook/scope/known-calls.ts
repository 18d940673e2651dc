// What functions and methods from outside the notebook do to what they are given. Names are listed only where every usual
// implementation agrees; what is not listed is taken to change its receiver and its arguments.

export interface KnownCall {
  /** Arguments that are written to: the first one's own properties, or anything inside any of them. Default none. */
  readonly changes?: "first" | "all";
  /**
   * What comes back: a number or string; a new thing with nothing of the arguments in it; a new array or other thing that holds
   * (parts of) them; something that may be one of them; the first argument. Default "plain".
   */
  readonly gives?: "plain" | "new" | "array" | "holder" | "part" | "first";
  /** Functions among the arguments are called at once. Default false. */
  readonly calls?: boolean;
  /** Functions among the arguments may be called later too. Default false. */
  readonly keeps?: boolean;
  /** The first argument gets the others' parts. Default false. */
  readonly intoFirst?: boolean;
}

const plain: KnownCall = {};
const array: KnownCall = { gives: "array" };
const holder: KnownCall = { gives: "holder", calls: true };
const later: KnownCall = { gives: "new", calls: true, keeps: true };
const writesFirst: KnownCall = { changes: "first", gives: "first" };
const intoFirst: KnownCall = { changes: "first", gives: "first", intoFirst: true };

const globals: Readonly<Record<string, KnownCall>> = {
  "console.*": plain,
  "Math.*": plain,
  "Number.*": plain,
  "String.*": plain,
  "BigInt.*": plain,
  "Symbol.*": plain,
  "Date.*": plain,
  "Intl.*": { gives: "new" },
  "performance.*": plain,
  "JSON.stringify": { calls: true },
  "JSON.parse": { gives: "new", calls: true },
  "process.*": { gives: "new" },
  "process.on": later,
  "process.once": later,
  "process.nextTick": later,
  "crypto.*": { gives: "new" },
  "crypto.getRandomValues": writesFirst,
  "Object.*": plain,
  "Object.keys": { gives: "array" },
  "Object.values": array,
  "Object.entries": array,
  "Object.fromEntries": { gives: "holder" },
  "Object.groupBy": holder,
  "Map.groupBy": holder,
  "Object.create": { gives: "holder" },
  "Object.getOwnPropertyDescriptor": { gives: "holder" },
  "Object.getOwnPropertyDescriptors": { gives: "holder" },
  "Object.getPrototypeOf": { gives: "part" },
  "Object.freeze": writesFirst,
  "Object.seal": writesFirst,
  "Object.preventExtensions": writesFirst,
  "Object.assign": intoFirst,
  "Object.defineProperty": intoFirst,
  "Object.defineProperties": intoFirst,
  "Object.setPrototypeOf": intoFirst,
  "Reflect.set": intoFirst,
  "Reflect.defineProperty": intoFirst,
  "Reflect.setPrototypeOf": intoFirst,
  "Reflect.deleteProperty": writesFirst,
  "Reflect.get": { gives: "part" },
  "Reflect.getPrototypeOf": { gives: "part" },
  "Reflect.apply": { changes: "all", gives: "part", calls: true },
  "Reflect.construct": { changes: "all", gives: "part", calls: true },
  "Reflect.*": { gives: "new" },
  "Array.from": { gives: "array", calls: true },
  "Array.fromAsync": { gives: "array", calls: true },
  "Array.of": array,
  "Array.*": plain,
  "Promise.*": { gives: "part" },
  "Atomics.*": { changes: "first", gives: "plain" },
  "Buffer.*": { gives: "part" },
  "ArrayBuffer.*": plain,
  "URL.*": { gives: "new" },
  structuredClone: { gives: "new" },
  String: plain,
  Number: plain,
  Boolean: plain,
  BigInt: plain,
  Symbol: plain,
  Date: plain,
  Error: { gives: "holder" },
  RegExp: { gives: "new" },
  Array: array,
  Object: { gives: "part" },
  parseInt: plain,
  parseFloat: plain,
  isNaN: plain,
  isFinite: plain,
  encodeURIComponent: plain,
  encodeURI: plain,
  decodeURIComponent: plain,
  decodeURI: plain,
  atob: plain,
  btoa: plain,
  fetch: { gives: "holder" },
  setTimeout: later,
  setInterval: later,
  setImmediate: later,
  queueMicrotask: later,
  clearTimeout: plain,
  clearInterval: plain,
  clearImmediate: plain,
};

/** What we know of nothing: it writes to all it is given, calls it, keeps it and gives it back. */
export const unknownCall: KnownCall = { changes: "all", gives: "part", calls: true, keeps: true };

/** @param path `console.log`, `structuredClone` */
export function knownGlobal(path: string): KnownCall {
  if (Object.hasOwn(globals, path)) return globals[path]!;
  const wide = path.replace(/\..*/, ".*");
  return (path.includes(".") && Object.hasOwn(globals, wide) ? globals[wide] : undefined) ?? unknownCall;
}

/** A function that an import names. */
export function knownImport(module: string, name: string): KnownCall {
  if (module === "cellwright") return libraryCall(name);
  return isBuiltin(module) ? builtinCall(name) : unknownCall;
}

export function isBuiltin(module: string): boolean {
  return (
    module.startsWith("node:") ||
    /^(assert|buffer|crypto|events|fs|os|path|perf_hooks|stream|timers|url|util|zlib)(\/|$)/.test(module)
  );
}

/** Functions of "cellwright" leave their arguments alone; those that only wrap or show do not call them either. */
function libraryCall(name: string): KnownCall {
  return { gives: "part", calls: name !== "modelMetrics" && name !== "display" };
}

/** Node's own modules read what they are given, but for the ones that fill a buffer; listeners are called later. */
function builtinCall(name: string): KnownCall {
  const fills = /^(read|readv|randomFill)(Sync)?$|^inherits$|^getRandomValues$/.test(name);
  return { ...(fills && { changes: "all" as const }), gives: "part", calls: true, keeps: true };
}

export interface CollectionMethod {
  readonly writes: boolean;
  /** Functions among the arguments are called. */
  readonly calls: boolean;
  /** An element; the collection itself; a new array of elements; a new array of what the function gave; a number or string. */
  readonly gives: "part" | "self" | "elements" | "results" | "plain";
}

const writers = words("push pop shift unshift splice fill copyWithin sort reverse set add delete clear");
const givers = words("at find findLast pop shift get reduce reduceRight");
const selves = words("sort reverse fill copyWithin set add subarray");
const counters = words(
  "join includes indexOf lastIndexOf findIndex findLastIndex some every forEach has push unshift delete clear",
);
const listers = words(
  "map filter slice concat flat flatMap entries values keys toSorted toReversed toSpliced with splice",
);

/** A method of JavaScript's arrays, maps, sets and typed arrays; undefined for a name they do not have. */
export function collectionMethod(name: string): CollectionMethod | undefined {
  const gives = givesOf(name);
  const writes = writers.has(name);
  return gives && { writes, calls: !writes || name === "sort", gives };
}

function givesOf(name: string): CollectionMethod["gives"] | undefined {
  if (name === "map") return "results";
  if (givers.has(name)) return "part";
  if (selves.has(name)) return "self";
  if (counters.has(name)) return "plain";
  return listers.has(name) ? "elements" : undefined;
}

const readers = words(
  "toString toLocaleString toJSON valueOf hasOwnProperty propertyIsEnumerable isPrototypeOf toFixed toPrecision toExponential " +
    "toUpperCase toLowerCase trim trimStart trimEnd padStart padEnd charAt charCodeAt codePointAt startsWith endsWith " +
    "localeCompare normalize repeat split replaceAll matchAll substring toISOString getTime getFullYear " +
    "map filter slice concat flat flatMap join includes indexOf lastIndexOf find findIndex findLast findLastIndex some every " +
    "reduce reduceRight forEach entries values keys at has toSorted toReversed toSpliced then catch finally",
);

/** Method names that read, whatever they are called on. */
export function isReader(name: string): boolean {
  return readers.has(name);
}

/** Methods of the library's own objects that leave them as they are: all but those that learn or set. */
export function isLibraryReader(name: string): boolean {
  return !/^(fit|partialFit|update|reset|set|push|add|append|finish|end|log)/.test(name);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
