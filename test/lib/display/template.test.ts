import { describe, expect, test } from "vitest";
import { plotTemplate, seriesColours } from "../../../lib/display/template.ts";

interface Template {
  readonly layout: {
    readonly colorway: readonly string[];
    readonly font: { readonly color: string };
    readonly paper_bgcolor: string;
    readonly hoverlabel: { readonly bgcolor: string; readonly font: { readonly color: string } };
  };
}

const modes = ["light", "dark"] as const;
const layoutOf = (mode: "light" | "dark") => (plotTemplate(mode) as Template).layout;

describe("the plot template", () => {
  test("is plain JSON, so that it can be kept in a notebook", () => {
    for (const mode of modes) expect(JSON.parse(JSON.stringify(plotTemplate(mode)))).toEqual(plotTemplate(mode));
  });

  test("text is readable on paper and in tooltips (WCAG AA), light and dark", () => {
    for (const mode of modes) {
      const { font, paper_bgcolor, hoverlabel } = layoutOf(mode);
      expect(contrast(font.color, paper_bgcolor)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(hoverlabel.font.color, hoverlabel.bgcolor)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("both modes draw with the same eight colours; the first stands out from the paper", () => {
    expect(new Set(seriesColours).size).toBe(8);
    for (const mode of modes) {
      const { colorway, paper_bgcolor } = layoutOf(mode);
      expect([...colorway].sort()).toEqual([...seriesColours].sort());
      expect(contrast(colorway[0]!, paper_bgcolor)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance of `#rrggbb`, WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
