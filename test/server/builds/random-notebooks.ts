// Random notebooks: numbers n0…, lists l0…, objects o0…, lists of lists m0…, functions f0…, instances k0… of class C, makers'
// products h0…, maps p0…, lists of functions q0…, chains of nodes t0…; declared, declared again, copied, aliased, changed directly
// and through others, logged, shadowed. Their meaning is told by running them in order on one global object. Long, for it is a list
// of the kinds of statements.
import { createContext, runInContext } from "node:vm";
import fc from "../../support/fast-check.ts";

/** What a cell may use: names by kind that are declared so far. */
interface Known {
  readonly n: readonly string[];
  readonly l: readonly string[];
  readonly o: readonly string[];
  readonly m: readonly string[];
  readonly f: readonly string[];
  readonly k: readonly string[];
  readonly h: readonly string[];
  readonly p: readonly string[];
  readonly q: readonly string[];
  readonly t: readonly string[];
}

export interface RandomNotebook {
  readonly cells: readonly string[];
  /** Arguments to call the export with after the last cell. */
  readonly requests: readonly number[];
}

/** Draws whole numbers; the text of a notebook is a function of the draws. */
type Draw = (below: number) => number;

/** Notebooks of 3 to 14 cells whose last part exports `explain`. */
export const randomNotebook: fc.Arbitrary<RandomNotebook> = fc
  .array(fc.nat(1_000_000), { minLength: 60, maxLength: 400 })
  .map((numbers) => write(numbers));

function write(numbers: readonly number[]): RandomNotebook {
  let at = 0;
  const draw: Draw = (below) => (numbers[at++ % numbers.length]! + Math.floor(at / numbers.length)) % below;
  const known: Names = { n: ["n0"], l: ["l0"], o: ["o0"], m: [], f: [], k: [], h: [], p: [], q: [], t: ["t0"] };
  const cells = [
    "let n0 = 3;\nlet l0 = [3, 1, 2];",
    "let o0 = { n: 1, list: [5, 4] };",
    "class C { constructor(l) { this.l = l; this.n = 0; } add(v) { this.l.push(v); return ++this.n; } get size() { return this.l.length; } }",
    "let t0 = { list: [9], next: null };\nfunction each(list, visit) { for (const x of [...list]) visit(x, list); }\nfunction make(first) { const own = [first]; let n = 0; return { own, add(v) { own.push(v); n++; return this; }, count: () => n, get last() { n += 1; return own.at(-1); } }; }",
  ];
  const count = 2 + draw(11);
  const exportAt = draw(count);
  const pure = draw(2) === 0;
  let exported = false;
  for (let index = 0; index < count; index++) {
    const lines: string[] = [];
    for (let line = 0; line <= draw(2); line++) lines.push(statement(draw, known, pure && exported));
    cells.push(once(lines).join("\n"));
    if (index === exportAt || (exported && draw(6) === 0)) {
      cells.push(exportCell(draw, known, pure));
      exported = true;
    }
  }
  return { cells, requests: [draw(9), draw(9)] };
}

/** A name is declared once in a cell: the second time it is assigned, and a second function is left out. */
function once(lines: readonly string[]): string[] {
  const declared = new Set<string>();
  return lines.flatMap((line) => {
    const [, kind, name] = /^(let|function) (\w+)/.exec(line) ?? [];
    if (!name || !declared.has(name)) {
      if (name) declared.add(name);
      return [line];
    }
    return kind === "let" ? [line.replace("let ", "")] : [];
  });
}

type Names = { -readonly [K in keyof Known]: string[] };

function statement(draw: Draw, known: Names, callable: boolean): string {
  const pick = (names: readonly string[]): string => names[draw(names.length)]!;
  const number = (): string => numberOf(draw, known);
  const fresh = (kind: keyof Names): string => {
    const name = `${kind}${draw(3)}`;
    return name;
  };
  const declare = (kind: keyof Names, text: (name: string) => string): string => {
    const name = fresh(kind);
    const written = text(name);
    if (!known[kind].includes(name)) known[kind].push(name);
    return written;
  };
  const list = (): string => listOf(draw, known);
  const any = (kind: keyof Names, text: (name: string) => string): string =>
    known[kind].length > 0 ? text(pick(known[kind])) : ";";
  switch (draw(callable ? 56 : 54)) {
    case 0:
    case 1:
      return declare("n", (name) => `let ${name} = ${number()};`);
    case 2:
      return `${pick(known.n)} = ${number()};`;
    case 3:
      return `${pick(known.n)} += ${number()};`;
    case 4:
    case 5:
      return declare("l", (name) => `let ${name} = ${list()};`);
    case 6:
      return `${pick(known.l)}.push(${number()});`;
    case 7:
      return `${pick(known.l)}[0] = ${number()};`;
    case 8:
      return `{ const y = ${pick(known.l)}; y.push(${number()}); }`;
    case 9:
    case 10:
      return declare("o", (name) => `let ${name} = ${objectOf(draw, known)};`);
    case 11:
      return `${pick(known.o)}.n = ${number()};`;
    case 12:
      return `${pick(known.o)}["list"].push(${number()});`;
    case 13:
      return `Object.assign(${pick(known.o)}, { n: ${number()} });`;
    case 14:
      return `${pick(known.o)}.list = ${list()};`;
    case 15:
      return `({ n: ${pick(known.o)}.n, list: [${pick(known.n)}] } = { n: ${number()}, list: [${number()}] });`;
    case 16:
      return declare("m", (name) => `let ${name} = [${list()}, ${list()}];`);
    case 17:
      return known.m.length > 0 ? `${pick(known.m)}[0].push(${number()});` : `console.log(${number()});`;
    case 18:
      return known.m.length > 0 ? `for (const each of ${pick(known.m)}) each[0] = ${number()};` : ";";
    case 19:
      return known.m.length > 0 ? `${pick(known.m)}.push(${list()});` : ";";
    case 20:
    case 21:
    case 22:
      return declareFunction(draw, known);
    case 23:
    case 24:
      return known.f.length > 0 ? `${pick(known.f)}(${number()});` : `console.log(${pick(known.l)}.map((x) => x + 1));`;
    case 25:
      return declare("k", (name) => `let ${name} = new C(${list()});`);
    case 26:
      return known.k.length > 0 ? `${pick(known.k)}.add(${number()});` : ";";
    case 27:
      return `console.log(${pick(known.l)}, ${pick(known.o)}.n, \`\${${number()}}\`); JSON.stringify(${pick(known.o)});`;
    case 28:
      return `{ let ${pick(known.n)} = 100; { const ${pick(known.l)} = [1]; ${known.l[0]}.length; } }`;
    case 29:
      return `[...${pick(known.l)}].sort().push(7); ${pick(known.l)}.slice(1).push(8);`;
    case 30:
      return declare("h", (name) => `let ${name} = make(${number()});`);
    case 31:
      return any("h", (name) => `${name}.add(${number()}).add(${number()});`);
    case 32:
      return any("h", (name) => `${name}.own[0] = ${number()};`);
    case 33:
      return any("h", (name) => `console.log(${name}.last);`);
    case 34:
      return declare("h", (name) => `let ${name} = ${known.h[0] ?? "make(1)"};`);
    case 35:
      return declare("p", (name) => `let ${name} = new Map([["a", ${list()}], ["b", ${list()}]]);`);
    case 36:
      return any("p", (name) => `${name}.get("a").push(${number()});`);
    case 37:
      return any("p", (name) => `${name}.set("b", ${list()});`);
    case 38:
      return any("p", (name) => `for (const [key, value] of ${name}) value.push(key.length);`);
    case 39:
      return any("p", (name) => `[...${name}.values()].forEach((value) => { value[0] = ${number()}; });`);
    case 40:
      return declare("q", (name) => `let ${name} = [() => ${list()}, (x) => (${pick(known.n)} = ${number()})];`);
    case 41:
      return any("q", (name) => `${name}[0]().push(${number()});`);
    case 42:
      return any("q", (name) => `${name}[1](${number()});`);
    case 43:
      return any("q", (name) => `${name}.push(() => ${list()});`);
    case 44:
      return declare("t", (name) => `let ${name} = { list: ${list()}, next: ${pick(known.t)} };`);
    case 45:
      return any("t", (name) => `${name} = ${name}.next ?? ${name};`);
    case 46:
      return any(
        "t",
        (name) =>
          `{ let at = ${name}; for (let i = 0; i < 3 && at.next; i++) at = at.next; at.list.push(${number()}); }`,
      );
    case 47:
      return any("t", (name) => `${name}.next = { list: ${list()}, next: null };`);
    case 48:
      return `[${pick(known.l)}, ${pick(known.l)}] = [${list()}, ${list()}];`;
    case 49:
      return `each(${pick(known.l)}, (x) => { ${pick(known.n)} = (${pick(known.n)} + x) % 1000; });`;
    case 50:
      return `each(${list()}, (x, all) => { all.push(x % 10); });`;
    case 51:
      return `((first, ...rest) => { rest[0].push(first); })(${number()}, ${list()}, ${list()});`;
    case 52:
      return (
        `const { list: inner${draw(3)} = [] } = ${pick(known.o)}; ${pick(known.l)}.concat([1]).push(2);`.replace(
          /^const \{ list: (\w+)/,
          "{ const { list: $1",
        ) + " }"
      );
    case 53:
      return `Object.values(${pick(known.o)}).filter(Array.isArray).forEach((x) => x.push(${number()}));`;
    case 54:
      return `console.log(explain(${draw(9)}));`;
    default:
      return `explain(${draw(9)});`;
  }
}

function numberOf(draw: Draw, known: Known, depth = 2): string {
  const pick = (names: readonly string[]): string => names[draw(names.length)]!;
  switch (draw(depth > 0 ? 9 : 5)) {
    case 0:
      return String(draw(20));
    case 1:
      return pick(known.n);
    case 2:
      return `${pick(known.l)}.length`;
    case 3:
      return `(${pick(known.l)}[0] ?? 0)`;
    case 4:
      return `${pick(known.o)}.n`;
    case 5:
      return `(${numberOf(draw, known, depth - 1)} + ${numberOf(draw, known, depth - 1)}) % 1000`;
    case 6:
      return known.f.length > 0 ? `${pick(known.f)}(${numberOf(draw, known, 0)})` : "2";
    case 7:
      return known.k.length > 0 ? `${pick(known.k)}.size` : "4";
    default:
      return `${pick(known.l)}.reduce((sum, each) => (sum + each) % 1000, 0)`;
  }
}

function listOf(draw: Draw, known: Known): string {
  const pick = (names: readonly string[]): string => names[draw(names.length)]!;
  switch (draw(12)) {
    case 0:
      return `[${draw(9)}, ${draw(9)}]`;
    case 8:
      return known.h.length > 0 ? `${pick(known.h)}.own` : "[2]";
    case 9:
      return known.p.length > 0 ? `${pick(known.p)}.get("a")` : "[3]";
    case 10:
      return known.q.length > 0 ? `${pick(known.q)}[0]()` : "[4]";
    case 11:
      return `${pick(known.t)}.list`;
    case 1:
      return pick(known.l);
    case 2:
      return `[...${pick(known.l)}]`;
    case 3:
      return `${pick(known.l)}.map((each) => each + ${pick(known.n)})`;
    case 4:
      return `${pick(known.o)}.list`;
    case 5:
      return known.m.length > 0 ? `${pick(known.m)}[0]` : "[0]";
    case 6:
      return known.k.length > 0 ? `${pick(known.k)}.l` : "[1]";
    default:
      return `${pick(known.l)}.filter((each) => each > 1)`;
  }
}

function objectOf(draw: Draw, known: Known): string {
  const pick = (names: readonly string[]): string => names[draw(names.length)]!;
  switch (draw(4)) {
    case 0:
      return `{ n: ${numberOf(draw, known)}, list: ${listOf(draw, known)} }`;
    case 1:
      return pick(known.o);
    case 2:
      return `{ ...${pick(known.o)} }`;
    default:
      return `Object.assign({}, ${pick(known.o)}, { n: ${numberOf(draw, known)} })`;
  }
}

/** A function reads, changes and calls functions of lower number, so that no call goes round for ever. */
function declareFunction(draw: Draw, known: Names): string {
  const number = draw(3);
  const inside: Known = { ...known, f: known.f.filter((name) => Number(name.slice(1)) < number) };
  const pick = (names: readonly string[]): string => names[draw(names.length)]!;
  const bodies = [
    () => "",
    () => `${pick(known.l)}.push(x % 10);`,
    () => `${pick(known.n)} = (${pick(known.n)} + x) % 1000;`,
    () => `${pick(known.o)}.n = x;`,
    () => `const ${pick(known.l)} = [x]; ${known.l[0]}.length;`,
    () => `const inner = (v) => ${numberOf(draw, inside)} + v; x = inner(x) % 1000;`,
    () => `const held = { list: ${pick(known.l)} }; held.list[0] = x % 10;`,
  ];
  const text = `function f${number}(x) { ${bodies[draw(bodies.length)]!()} return (${numberOf(draw, inside)} + x) % 1000; }`;
  if (!known.f.includes(`f${number}`)) known.f.push(`f${number}`);
  return text;
}

function exportCell(draw: Draw, known: Known, pure: boolean): string {
  const plain = [...known.n, ...known.l, ...known.o, ...known.m, ...known.k].filter(() => draw(3) === 0);
  const inside = [
    ...known.h.map((name) => `${name}.own, ${name}.count()`),
    ...known.p.map((name) => `[...${name}]`),
    ...known.q.map((name) => `${name}[0]()`),
    ...known.t.map((name) => `${name}.list, ${name}.next?.list, ${name}.next?.next?.list`),
  ];
  const named = [...plain, ...inside.filter(() => draw(3) === 0)];
  const calls = pure ? [] : known.f.filter(() => draw(2) === 0).map((name) => `${name}(x)`);
  const shown = [...named, ...calls].join(", ");
  return `export function explain(x) { return JSON.stringify([x${shown ? `, ${shown}` : ""}]); }`;
}

/**
 * The export's answers after all cells ran in order; undefined when a cell throws (it calls a function that reads a name too
 * early). As plain as it gets: every cell is a script on one global object, and what
 * a cell declares at its top is a property of it.
 */
export function meaningOf({ cells, requests }: RandomNotebook): string[] | undefined {
  const shared = createContext({ console: { log: () => {} } });
  try {
    for (const cell of cells)
      runInContext(cell.replace(/^export /gm, "").replace(/^(?:let|class) (\w+)( =)?/gm, asProperty), shared);
    return requests.map((request) => runInContext(`explain(${request})`, shared) as string);
  } catch {
    return undefined;
  }
}

function asProperty(text: string, name: string): string {
  return text.startsWith("class") ? `${name} = class ${name}` : `${name} =`;
}
