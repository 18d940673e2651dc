import { describe, expect, test } from "vitest";
import { memberPathAt, nameAt } from "../../../kernel/evaluator/member-path.ts";

describe("memberPathAt", () => {
  test.each([
    ["foo", undefined, "foo"],
    ["1 + foo", undefined, "foo"],
    ["foo.ba", "foo", "ba"],
    ["x = foo?.bar.", "foo?.bar", ""],
    ["call(a, b).na", "call(a, b)", "na"],
    ["a[b.c[0]].d", "a[b.c[0]]", "d"],
    ["[1, 2].ma", "[1, 2]", "ma"],
    ['"a)b".le', '"a)b"', "le"],
    ["(a as B)!.c", "(a as B)", "c"],
    ["f('(').x", "f('(')", "x"],
    ["let y = { a: 1 }.a", "{ a: 1 }", "a"],
    ["1.", undefined, ""],
    ["...rest", undefined, "rest"],
    ["é.ñ", "é", "ñ"],
  ])("%s", (code, object, prefix) => {
    expect(memberPathAt(code, code.length)).toEqual({ object, prefix, start: code.length - prefix.length });
  });
});

describe("nameAt", () => {
  test.each([
    ["foo|bar", "foobar"],
    ["foo.b|ar + 1", "(foo).bar"],
    ["call(|", "call"],
    ["a.call(|", "(a).call"],
    ["1 + |", undefined],
    ["|", undefined],
  ])("%s", (code, expression) => {
    expect(nameAt(code.replace("|", ""), code.indexOf("|"))?.expression).toBe(expression);
  });
});
