import { describe, expect, test } from "vitest";
import { type Displayable, displaySymbol, html, markdown, md, svg } from "../../../lib/index.ts";

const shown = (value: Displayable) => value[displaySymbol]();

describe("tags", () => {
  test("html escapes values, keeps HTML, and puts lists together", () => {
    const items = ["<a>", 2].map((each) => html`<li>${each}</li>`);
    expect(shown(html`<ul title="${'"'}">${items}</ul>${undefined}`)).toEqual({
      "text/html": '<ul title="&quot;"><li>&lt;a&gt;</li><li>2</li></ul>',
      "text/plain": "<a> 2",
    });
  });

  test("md and markdown are one, and escape nothing", () => {
    expect(md).toBe(markdown);
    expect(shown(md`**${3}** rows`)).toEqual({ "text/markdown": "**3** rows", "text/plain": "**3** rows" });
  });

  test("svg puts an svg element around what has none", () => {
    expect(shown(svg`<circle r="${2}"/>`)["image/svg+xml"]).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><circle r="2"/></svg>',
    );
    expect(shown(svg('<svg width="1"><title>A dot</title></svg>'))).toEqual({
      "image/svg+xml": '<svg width="1"><title>A dot</title></svg>',
      "text/plain": "A dot",
    });
  });

  test("functions of a text stay what they were", () => {
    expect(shown(html("<b>x</b> & y"))).toEqual({ "text/html": "<b>x</b> & y", "text/plain": "x & y" });
  });
});
