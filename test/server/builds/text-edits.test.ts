import { expect, test } from "vitest";
import { TextEdits } from "../../../server/builds/text-edits.ts";

test("edits at several places, in any order", () => {
  const edits = new TextEdits("const a = 1, b = 2;");
  edits.insert(18, ")");
  edits.replace(0, 6, "void (");
  edits.insert(0, "x; ");
  expect(edits.toString()).toBe("x; void (a = 1, b = 2);");
});

test("a range that goes leaves its line breaks", () => {
  const edits = new TextEdits("import {\n  a,\n} from 'm';\na;");
  edits.replace(0, 25, ";");
  expect(edits.toString()).toBe(";\n\n\na;");
});
