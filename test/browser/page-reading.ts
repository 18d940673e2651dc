// What a shown page says and draws, read from its DOM and from Plotly's own data.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelectorAll(".js-plotly-plot .main-svg").length >= 3, undefined, {
    timeout: 20_000,
  });
}

/** Waits until the time axis of the first plot is shorter than so much. */
export async function drawnOverLessThan(page: Page, spanMs: number): Promise<void> {
  await page.waitForFunction((most) => {
    const plot = document.querySelector(".js-plotly-plot") as unknown as { layout: { xaxis: { range: string[] } } };
    const [start, end] = plot.layout.xaxis.range.map((moment) => Date.parse(moment));
    return end! - start! < most;
  }, spanMs);
}

/** Pixels from the left of the first plot to the middle of the longest time without a call; calls may share a pixel. */
export function longestLullAcross(page: Page): Promise<number> {
  return page.evaluate(() => {
    const plot = document.querySelector(".js-plotly-plot") as unknown as {
      data: { x: string[] }[];
      _fullLayout: { xaxis: { _offset: number; d2p(value: string): number } };
    };
    const { x } = plot.data[0]!;
    const axis = plot._fullLayout.xaxis;
    const across = x.map((moment) => axis.d2p(moment));
    const gaps = across.slice(1).map((pixels, i) => pixels - across[i]!);
    const widest = gaps.indexOf(Math.max(...gaps));
    return axis._offset + (across[widest]! + across[widest + 1]!) / 2;
  });
}

/** What the page itself says: "14 calls in this range". */
export async function countCalls(page: Page): Promise<number> {
  const text = await page.getByText(/calls? in this range/).textContent();
  return Number(text!.replace(/\D/g, ""));
}

interface DrawnPlot {
  readonly data: readonly { readonly x: readonly unknown[]; readonly y: readonly (number | null)[] }[];
}

/** Points of the plot whose title has these words, over all its series. */
export function pointsOf(page: Page, title: string): Promise<number> {
  return plotOf(page, title).evaluate((plot) =>
    (plot as unknown as DrawnPlot).data.reduce((sum, { x }) => sum + x.length, 0),
  );
}

export function sumOf(page: Page, title: string): Promise<number> {
  return plotOf(page, title).evaluate((plot) =>
    (plot as unknown as DrawnPlot).data.reduce(
      (sum, { y }) => sum + y.reduce<number>((all, value) => all + (value ?? 0), 0),
      0,
    ),
  );
}

function plotOf(page: Page, title: string) {
  const card = page.locator("section", { has: page.getByRole("heading", { name: title }) }).last(); // the innermost
  return card.locator(".js-plotly-plot");
}

/** Of a page without frames axe sums up within the page, and only what it finds wrong: several times quicker. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(page.frames().length === 1);
  const { violations } = await axe.options({ resultTypes: ["violations"] }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Accessible names of what Tab stops at, from the top of the page to its end. */
export async function tabStops(page: Page): Promise<string[]> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const stops: string[] = [];
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const label = element.id ? document.querySelector(`label[for="${element.id}"]`)?.textContent : undefined;
      return element.getAttribute("aria-label") ?? label ?? element.textContent ?? "";
    });
    if (name === undefined) break;
    stops.push(name.slice(0, 60));
  }
  return stops;
}
