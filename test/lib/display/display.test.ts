import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { display } from "../../../lib/display/display.ts";
import { histogram } from "../../../lib/display/histogram.ts";
import { html, markdown } from "../../../lib/display/html.ts";
import { displaySymbol, type MimeBundle } from "../../../lib/display/mime-bundle.ts";
import { progress } from "../../../lib/display/progress.ts";
import { table } from "../../../lib/display/table.ts";

const kernelSymbol = Symbol.for("cellwright.display");
const scope = globalThis as { [key: symbol]: unknown; __tslab__?: unknown };

afterEach(() => {
  delete scope[kernelSymbol];
  delete scope.__tslab__;
  vi.restoreAllMocks();
});

/** What a page would get, in order. */
function recordKernel() {
  const calls: { what: string; id?: string; bundle: MimeBundle }[] = [];
  scope[kernelSymbol] = {
    send: (bundle: MimeBundle, { displayId }: { displayId?: string } = {}) =>
      calls.push({ what: "send", id: displayId, bundle }),
    update: (id: string, bundle: MimeBundle) => calls.push({ what: "update", id, bundle }),
  };
  return calls;
}

function recordTslab() {
  const calls: { id: number; mime: string; content: unknown }[] = [];
  let ids = 0;
  const make = () => {
    const id = ids++;
    return { raw: (mime: string, content: unknown) => calls.push({ id, mime, content }) };
  };
  const tslab = { display: make(), newDisplay: make };
  scope.__tslab__ = { require: (name: string) => (name === "tslab" ? tslab : undefined) };
  return calls;
}

describe("display", () => {
  test("hands the kernel the whole bundle", () => {
    const calls = recordKernel();
    display(table({ fee: [1] }));
    expect(calls).toHaveLength(1);
    expect(Object.keys(calls[0]!.bundle)).toEqual(["text/html", "text/plain"]);
  });

  test("hands tslab the richest form alone, plots as JSON data", () => {
    const calls = recordTslab();
    display(table({ fee: [1] }));
    display(histogram({ fee: [1, 2] }, { x: "fee" }));
    display(markdown("# Title"));
    display("text");
    expect(calls.map(({ mime }) => mime)).toEqual([
      "text/html",
      "application/vnd.plotly.v1+json",
      "text/markdown",
      "text/plain",
    ]);
    expect(calls[1]!.content).toMatchObject({ data: [{ type: "bar" }] });
  });

  test("prints text where there is no kernel", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    display(table({ fee: [1, 2] }));
    display({ rows: 3n });
    expect(log.mock.calls).toEqual([["fee\n───\n  1\n  2\n2 rows"], ['{\n  "rows": "3"\n}']]);
  });

  test("waits for a bundle that is promised", async () => {
    const calls = recordKernel();
    display({ [displaySymbol]: async () => ({ "text/plain": "late" }) });
    await Promise.resolve();
    expect(calls.map(({ bundle }) => bundle)).toEqual([{ "text/plain": "late" }]);
  });
});

describe("html", () => {
  test("has a plain text without tags, styles and entities", () => {
    const bundle = html("<style>b {}</style><b>1 &lt; 2</b><br>yes")[displaySymbol]();
    expect(bundle["text/plain"]).toBe("1 < 2 yes");
  });
});

describe("progress", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("moves one bar in place, at most ten times a second, and ends on what was reached", () => {
    const calls = recordKernel();
    const bar = progress({ total: 1000, label: "Fitting <models>" });
    for (let i = 0; i < 1000; i++) {
      vi.advanceTimersByTime(1);
      bar.advance();
    }
    bar.end("done");
    bar.end("again");
    expect(calls.map(({ what }) => what)).toEqual(["send", ...new Array<string>(calls.length - 1).fill("update")]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    expect(calls.length).toBeLessThanOrEqual(14);
    expect(calls.at(-1)!.bundle["text/plain"]).toBe(
      "Fitting <models> ████████████████████ 1,000 of 1,000 in 1.0 s · done",
    );
    expect(calls.at(-1)!.bundle["text/html"]).toContain(
      '<progress value="1000" max="1000" aria-label="Fitting &lt;models&gt;"',
    );
    expect(calls[3]!.bundle["text/plain"]).toMatch(/left$/);
  });

  test("writes over one display of tslab's own", () => {
    const calls = recordTslab();
    const bar = progress({ total: 2 });
    bar.advance(2);
    bar.end();
    expect(calls.every(({ id, mime }) => id === 1 && mime === "text/html")).toBe(true);
  });

  test("is two lines of text where nothing updates", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const bar = progress({ total: 3, label: "Reading" });
    bar.advance();
    bar.advance(5);
    bar.end();
    expect(log.mock.calls.flat()).toEqual(["Reading: 3 steps", "Reading ████████████████████ 3 of 3 in 0.0 s"]);
  });
});
