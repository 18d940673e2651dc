// The notebook's functions and classes as things.
import { identifiersIn, type SyntaxNode } from "./syntax.ts";
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
      const captures = capturedBy(node, frame);
      const code = { node, context, slot: made, self: world.heap.slot(), captures, key, role };
      world.heap.setThing(made, { kind: role === "class" ? "class" : "function", code });
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

function capturedBy(node: SyntaxNode, { world, context }: Frame): Slot[] {
  const slots = new Set<Slot>();
  for (const identifier of identifiersIn(node)) {
    const local = world.locals.get(identifier);
    if (local && !isInside(local.owner, node)) slots.add(world.variable(local, context));
  }
  for (const slot of slots) slot.captured = true;
  return [...slots];
}

/** The owner is one of the functions around an identifier inside the node, so places decide. */
function isInside(owner: SyntaxNode | undefined, node: SyntaxNode): boolean {
  return owner !== undefined && owner.start >= node.start && owner.end <= node.end;
}
