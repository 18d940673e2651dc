// The variables a cell declares at its top level, with what is written before and after their names.
import { parseSync } from "oxc-parser";

export interface DeclaredVariable {
  readonly name: string;
  readonly keyword: "let" | "const" | "var";
  /** As written, without the colon. */
  readonly type?: string;
}

/** @throws SyntaxError the cell is no TypeScript */
export function declaredVariables(code: string): DeclaredVariable[] {
  const { program, errors } = parseSync("cell.ts", code, { sourceType: "module" });
  if (errors[0]) throw new SyntaxError(errors[0].message);
  return program.body.flatMap((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration" || !/^(let|const|var)$/.test(declaration.kind)) return [];
    const keyword = declaration.kind as DeclaredVariable["keyword"];
    return declaration.declarations.flatMap(({ id }) => {
      if (id.type !== "Identifier") return namesIn(id).map((name) => ({ name, keyword }));
      const annotation = id.typeAnnotation?.typeAnnotation;
      const type = annotation && code.slice(annotation.start, annotation.end);
      return [{ name: id.name, keyword, ...(type !== undefined && { type }) }];
    });
  });
}

/** Names bound by `{ a, b: [c] = [], ...d }`. */
function namesIn(pattern: unknown): string[] {
  const { type, ...node } = pattern as Record<string, unknown>;
  switch (type) {
    case "Identifier":
      return [node["name"] as string];
    case "ObjectPattern":
      return (node["properties"] as Record<string, unknown>[]).flatMap(({ value, argument }) =>
        namesIn(value ?? argument),
      );
    case "ArrayPattern":
      return (node["elements"] as unknown[]).flatMap((element) => (element ? namesIn(element) : []));
    case "AssignmentPattern":
      return namesIn(node["left"]);
    case "RestElement":
      return namesIn(node["argument"]);
    default:
      return [];
  }
}
