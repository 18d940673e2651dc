import { describe, expect, test } from "vitest";
import { bars } from "../../../lib/display/bars.ts";
import { boxPlot } from "../../../lib/display/box-plot.ts";
import { calibrationPlot, rocPlot } from "../../../lib/display/curve-plots.ts";
import { histogram } from "../../../lib/display/histogram.ts";
import { lines } from "../../../lib/display/lines.ts";
import { displaySymbol } from "../../../lib/display/mime-bundle.ts";
import { pairPlot } from "../../../lib/display/pair-plot.ts";
import { type Plot, plot } from "../../../lib/display/plot.ts";
import { scatter } from "../../../lib/display/scatter.ts";
import { plotTemplate } from "../../../lib/display/template.ts";
import { frameOf } from "../../../lib/frame/frame.ts";
import fc from "../../support/fast-check.ts";

fc.configureGlobal({ seed: 7 });

const fees = frameOf({ plan: ["b", "a", "a", "10", "2"], fee: [1, 2, 2.5, null, 4], months: [1, 2, 3, 4, 5] });

// biome-ignore lint/suspicious/noExplicitAny: Plotly's traces are as many shapes as there are kinds
const tracesOf = (shown: Plot): any[] => shown.data as never;
// biome-ignore lint/suspicious/noExplicitAny: a layout likewise
const layoutOf = (shown: Plot): any => shown.layout;

describe("plot", () => {
  test("is plain JSON in the shared template, with a text beside it", () => {
    const shown = plot({
      data: [{ y: new Float64Array([1, Number.NaN]), when: new Date(0), drop: undefined }],
      layout: { title: "Fees" },
    });
    const bundle = shown[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "text/plain"]);
    expect(bundle["text/plain"]).toBe("Fees");
    const figure = bundle["application/vnd.plotly.v1+json"] as { data: unknown; layout: { template: unknown } };
    expect(figure.data).toStrictEqual([{ y: [1, null], when: "1970-01-01T00:00:00.000Z" }]);
    expect(figure.layout.template).toEqual(JSON.parse(JSON.stringify(plotTemplate("light"))));
    expect(JSON.parse(JSON.stringify(figure))).toStrictEqual(figure);
  });

  test("titles cannot smuggle markup in", () => {
    const { title, yaxis } = layoutOf(boxPlot(fees, { y: "fee", title: "<b>a</b> & b", yTitle: "fee <$>" }));
    expect([title.text, yaxis.title.text]).toEqual(["&lt;b&gt;a&lt;/b&gt; &amp; b", "fee &lt;$&gt;"]);
  });

  test("an unknown column and one without numbers are errors", () => {
    expect(() => histogram(fees, { x: "age" })).toThrow(
      'Cannot read column "age": the frame has "plan", "fee", "months"',
    );
    expect(() => boxPlot(fees, { y: "plan" })).toThrow(
      'Cannot draw a box plot of column "plan": found string values, expected numbers',
    );
    expect(() => lines(fees, { x: "months", y: "plan" })).toThrow("Cannot draw lines");
  });
});

describe("histogram", () => {
  test("counts every number once, in bins of one round width around them all", () => {
    const numbers = fc.array(
      fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -50, max: 50 })),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 40 }), (values, bins) => {
        const [{ x, y, width }] = tracesOf(histogram({ v: values }, { x: "v", bins }));
        expect(y.reduce((sum: number, count: number) => sum + count, 0)).toBe(values.length);
        const slack = 1e-9 * Math.max(1, ...values.map(Math.abs));
        expect(x[0] - width / 2).toBeLessThanOrEqual(Math.min(...values) + slack);
        expect(x.at(-1) + width / 2).toBeGreaterThanOrEqual(Math.max(...values) - slack);
        expect(x.length).toBeLessThanOrEqual(bins + 2);
      }),
    );
  });

  test("whole numbers get bins of whole width, text a bar a value, groups bars of their own", () => {
    const [months] = tracesOf(histogram(fees, { x: "months" }));
    expect([months.width, months.y]).toEqual([1, [1, 1, 1, 1, 1]]);
    const [plans] = tracesOf(histogram(fees, { x: "plan" }));
    expect([plans.x, plans.y]).toEqual([
      ["2", "10", "a", "b"],
      [1, 1, 2, 1],
    ]);
    expect(tracesOf(histogram(fees, { x: "fee", by: "plan" })).map(({ name }) => name)).toEqual(["2", "10", "a", "b"]);
    expect(String(histogram(fees, { x: "fee", title: "What do they pay?" }))).toBe(
      "What do they pay? Histogram of fee; 4 values from 1 to 4, median 2.5",
    );
  });
});

describe("boxPlot", () => {
  test("has quartiles as numpy, whiskers within 1.5 quartile ranges, the rest as points", () => {
    const [box, alone] = tracesOf(boxPlot({ g: [..."aaaaaa", "b"], v: [1, 2, 3, 4, 5, 100, 7] }, { x: "g", y: "v" }));
    expect(box).toMatchObject({
      name: "a",
      q1: [2.25],
      median: [3.5],
      q3: [4.75],
      lowerfence: [1],
      upperfence: [5],
      y: [[100]],
    });
    expect(alone).toMatchObject({ name: "b", q1: [7], median: [7], q3: [7] });
    expect(alone).not.toHaveProperty("y");
  });
});

describe("scatter and lines", () => {
  const many = {
    x: Array.from({ length: 20_000 }, (_, i) => i),
    y: Array.from({ length: 20_000 }, (_, i) => (i === 12_345 ? 99 : i % 7)),
  };

  test("a big scatter is a seeded sample that says so", () => {
    const shown = scatter(many, { x: "x", y: "y", maxPoints: 500 });
    expect(tracesOf(shown)[0].x).toHaveLength(500);
    expect(layoutOf(shown).annotations[0].text).toBe("500 of 20,000 rows drawn");
    expect(tracesOf(scatter(many, { x: "x", y: "y", maxPoints: 500 }))).toEqual(tracesOf(shown));
    expect(String(shown)).toContain("20,000 points; 500 of 20,000 rows drawn");
  });

  test("a long line keeps its spikes and the order of its points", () => {
    const [line] = tracesOf(lines(many, { x: "x", y: "y", maxPoints: 1000 }));
    expect(line.x.length).toBeLessThanOrEqual(1000);
    expect(line.y).toContain(99);
    expect(line.x).toEqual([...line.x].sort((a: number, b: number) => a - b));
  });

  test("short ones are drawn whole, a line a column or a group", () => {
    const shown = lines(fees, { x: "months", y: ["fee", "months"] });
    expect(tracesOf(shown).map(({ name, y, mode }) => [name, y, mode])).toEqual([
      ["fee", [1, 2, 2.5, null, 4], "lines+markers"],
      ["months", [1, 2, 3, 4, 5], "lines+markers"],
    ]);
    expect(layoutOf(shown)).not.toHaveProperty("annotations");
    expect(tracesOf(lines(fees, { x: "months", y: "fee", by: "plan" })).map(({ name }) => name)).toEqual([
      "2",
      "10",
      "a",
      "b",
    ]);
  });
});

describe("bars", () => {
  test("names and their numbers; below zero blue, above red", () => {
    const shown = bars({ "tenure <= 9": 0.2, "Contract=Two year": -0.1 }, { horizontal: true, title: "Why?" });
    expect(tracesOf(shown)).toMatchObject([
      {
        orientation: "h",
        x: [0.2, -0.1],
        y: ["tenure <= 9", "Contract=Two year"],
        marker: { color: ["#d6604d", "#4393c3"] },
      },
    ]);
    expect(layoutOf(shown).yaxis.autorange).toBe("reversed");
    expect(String(shown)).toBe("Why? tenure <= 9 0.2, Contract=Two year -0.1");
  });

  test("columns of a table, side by side by a third", () => {
    const shown = bars({ plan: ["a", "a", "b"], rows: [1, 2, 3], churn: ["No", "Yes", "No"] }, { by: "churn" });
    expect(tracesOf(shown).map(({ name, x, y }) => [name, x, y])).toEqual([
      ["No", ["a", "b"], [1, 3]],
      ["Yes", ["a"], [2]],
    ]);
    expect(layoutOf(shown).xaxis.title.text).toBe("plan");
    expect(tracesOf(shown)[0]).not.toHaveProperty("marker");
  });
});

describe("pairPlot", () => {
  test("a cell for each pair, histograms on the diagonal, every axis there", () => {
    const shown = pairPlot(fees, { columns: ["fee", "months"], by: "plan" });
    const kinds = tracesOf(shown).map(({ type }) => type);
    expect(kinds.filter((type) => type === "scatter")).toHaveLength(2 * 4);
    expect(kinds.filter((type) => type === "bar")).toHaveLength(2 * 4);
    const axes = tracesOf(shown).flatMap(({ xaxis, yaxis }) => [
      xaxis.replace("x", "xaxis"),
      yaxis.replace("y", "yaxis"),
    ]);
    expect(axes.filter((axis) => !(axis in layoutOf(shown)))).toEqual([]);
    expect(() => pairPlot(fees, { columns: ["fee"] })).toThrow("found 1 columns, expected two to six");
  });
});

describe("curves", () => {
  const roc = { falsePositiveRate: [0, 0, 1], truePositiveRate: [0, 0.5, 1] };

  test("ROC curves carry their area; chance is the diagonal", () => {
    const shown = rocPlot({ first: roc, second: { falsePositiveRate: [0, 1], truePositiveRate: [0, 1] } });
    expect(tracesOf(shown).map(({ name }) => name)).toEqual(["first, area 0.750", "second, area 0.500", "chance"]);
    expect(tracesOf(rocPlot(roc))).toHaveLength(2);
  });

  test("calibration says what was given and what happened", () => {
    const shown = calibrationPlot({ predicted: [0.1, 0.9], observed: [0.2, 0.8], rows: [10, 5] });
    expect(String(shown)).toBe("Calibration of model: 0.1 → 0.2, 0.9 → 0.8");
    expect(tracesOf(shown)[0].customdata).toEqual([10, 5]);
  });
});
