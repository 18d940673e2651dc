// The notebook's functions and classes as things.
import type { SyntaxNode } from "./syntax.ts";
import { type Code, computedKey, type Slot } from "./values.ts";
import type { Frame } from "./world.ts";

/** Names of methods that JavaScript calls by itself when a thing is printed or added, or awaited. */
export const printing: ReadonlySet<string> = new Set(["toString", "valueOf", "toJSON"]);
export const waiting: ReadonlySet<string> = new Set(["then"]);
export const implicitKeys: ReadonlySet<string> = new Set([...printing, ...waiting, computedKey]);

/** The slot of a function or class at a place of the text. */
export function codeAt(node: SyntaxNode, frame: Frame, role: Code["role"], key?: string): Slot {
  const { world, context, self } = frame;
  const slot = world.made(
    context,
    node,
    (made) => {
      const code = { node, context, slot: made, self: world.heap.slot(), key, role };
      made.thing = { kind: role === "class" ? "class" : "function", code };
    },
    role,
  );
  const code = slot.thing!.code!;
  if (role === "getter" || role === "setter" || (key !== undefined && implicitKeys.has(key)))
    world.hasImplicitCode = true;
  if (code.self && node.type !== "FunctionExpression" && node.type !== "FunctionDeclaration")
    world.heap.flow(code.self, self);
  return slot;
}
