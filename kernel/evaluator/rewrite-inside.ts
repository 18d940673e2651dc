// The part of rewriting that looks inside functions and blocks too: awaits that an interrupt can end, `import()`,
// `import.meta`, `using` for every Node, and assignments to constants. Pure.
import type {
  AssignmentExpression,
  BlockStatement,
  ForOfStatement,
  ForStatement,
  StaticBlock,
  UpdateExpression,
  VariableDeclaration,
} from "acorn";
import type { Patch } from "./patch.ts";
import { runtimeName } from "./runtime-name.ts";
import { type AnyNode, boundNames, isFunction, type Program, walk } from "./syntax.ts";

export interface Names {
  readonly declared: ReadonlyMap<string, "const" | "let">;
  readonly constants: ReadonlySet<string>;
}

export function rewriteInside(program: Program, patch: Patch, names: Names): void {
  const constants = assignedConstants(program, names);
  let blocks = 0;
  /** A statement with labels → the outermost of them. */
  const labelled = new Map<AnyNode, AnyNode>();
  walk(program, (node) => {
    switch (node.type) {
      case "LabeledStatement":
        labelled.set(node.body, labelled.get(node) ?? node);
        break;
      case "ForStatement":
        blocks += disposeAfterLoop(node, labelled.get(node) ?? node, patch, blocks) ? 1 : 0;
        break;
      case "AwaitExpression":
        patch.wrap(node.argument.start, node.argument.end, `${runtimeName}.wait(`, ")");
        break;
      case "ForOfStatement":
        if (node.await) patch.wrap(node.right.start, node.right.end, `${runtimeName}.each(`, ")");
        blocks += disposeEachTime(node, patch, blocks) ? 1 : 0;
        break;
      case "ImportExpression":
        patch.replace(node.start, node.start + "import".length, `${runtimeName}.import`);
        break;
      case "MetaProperty":
        if (node.meta.name === "import") patch.replace(node.start, node.end, `${runtimeName}.meta`);
        break;
      case "BlockStatement":
      case "StaticBlock":
        blocks += disposeAtEnd(node, patch, blocks) ? 1 : 0;
        break;
      case "AssignmentExpression":
      case "UpdateExpression": {
        const name = assignedNames(node).find((name) => constants.has(name));
        if (name) patch.wrap(node.start, node.end, `(${runtimeName}.constant(${JSON.stringify(name)}), `, ")");
        break;
      }
    }
    return undefined;
  });
}

/** `{ using a = f(); … }` to a block that disposes of what it used, errors put together as the standard says. */
function disposeAtEnd({ type, body, start, end }: BlockStatement | StaticBlock, patch: Patch, number: number): boolean {
  const uses = body.filter((each) => each.type === "VariableDeclaration").filter(({ kind }) => kind.endsWith("using"));
  if (uses.length === 0) return false;
  const stack = `$used${number}`;
  const waits = uses.some(({ kind }) => kind === "await using");
  const { open, close } = disposing(stack, waits);
  const inside = type === "StaticBlock" ? body[0]!.start : start + 1;
  patch.replace(inside, inside, open);
  for (const use of uses) declareUsed(use, patch, stack);
  patch.replace(end - 1, end - 1, close);
  return true;
}

/** `for (using a = f(); …; …) b` to the loop in a block that disposes at the loop's end. */
function disposeAfterLoop({ init }: ForStatement, whole: AnyNode, patch: Patch, number: number): boolean {
  if (init?.type !== "VariableDeclaration" || !init.kind.endsWith("using")) return false;
  const stack = `$used${number}`;
  const { open, close } = disposing(stack, init.kind === "await using");
  patch.wrap(whole.start, whole.end, `{${open} `, ` ${close}}`);
  declareUsed(init, patch, stack);
  return true;
}

function declareUsed({ kind, start, declarations }: VariableDeclaration, patch: Patch, stack: string): void {
  patch.replace(start, start + kind.length, "const");
  for (const { init } of declarations)
    if (init) patch.wrap(init.start, init.end, `${stack}.use(`, `, ${kind === "await using"})`);
}

/** `for (using a of b) c` to `for (const a of b) { …use(a); c }`. */
function disposeEachTime({ left, body }: ForOfStatement, patch: Patch, number: number): boolean {
  if (left.type !== "VariableDeclaration" || !left.kind.endsWith("using")) return false;
  const stack = `$used${number}`;
  const waits = left.kind === "await using";
  const { open, close } = disposing(stack, waits);
  const [name] = boundNames(left.declarations[0]!.id);
  patch.replace(left.start, left.start + left.kind.length, "const");
  patch.wrap(body.start, body.end, `{${open} ${stack}.use(${name}, ${waits}); `, ` ${close}}`);
  return true;
}

function disposing(stack: string, waits: boolean): { open: string; close: string } {
  const dispose = waits ? `await ${stack}.disposeAsync()` : `${stack}.dispose()`;
  return {
    open: ` const ${stack} = ${runtimeName}.disposals(); try {`,
    close: `} catch ($error) { ${stack}.fail($error); } finally { ${dispose}; } `,
  };
}

/**
 * Constants that an assignment in this cell may mean: V8 knows them as `let`. A name that is also declared further in (a
 * parameter, a local variable) is left alone.
 */
function assignedConstants(program: Program, { declared, constants }: Names): Set<string> {
  const candidates = new Set([...constants].filter((name) => !declared.has(name)));
  for (const [name, kind] of declared) if (kind === "const") candidates.add(name);
  if (candidates.size === 0) return candidates;
  const top = new Set<AnyNode>(program.body.map((each) => exportedBy(each) ?? each));
  walk(program, (node) => {
    const names = top.has(node) ? parametersOf(node) : [...declaredBy(node), ...parametersOf(node)];
    for (const name of names) candidates.delete(name);
    return undefined;
  });
  return candidates;
}

function exportedBy(node: AnyNode): AnyNode | null | undefined {
  return node.type === "ExportNamedDeclaration" ? node.declaration : undefined;
}

function parametersOf(node: AnyNode): string[] {
  if (node.type === "CatchClause") return boundNames(node.param ?? null);
  return isFunction(node) && "params" in node ? node.params.flatMap(boundNames) : [];
}

function declaredBy(node: AnyNode): string[] {
  if (node.type === "VariableDeclaration") return node.declarations.flatMap(({ id }) => boundNames(id));
  const named = isFunction(node) || node.type === "ClassDeclaration" || node.type === "ClassExpression";
  return named && "id" in node && node.id?.type === "Identifier" ? [node.id.name] : [];
}

function assignedNames(node: AssignmentExpression | UpdateExpression): string[] {
  if (node.type === "UpdateExpression") return node.argument.type === "Identifier" ? [node.argument.name] : [];
  return node.left.type === "MemberExpression" ? [] : boundNames(node.left);
}
