// Draws application/vnd.plotly.v1+json: as wide as its cell, in the colours of the theme, Plotly itself loaded with the first
// plot. A figure with a template of its own keeps its looks.
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type * as Plotly from "plotly.js";
import { plotTemplate } from "../../lib/display/template.ts";

const mimeType = "application/vnd.plotly.v1+json";
const heightPx = 360;

interface Figure {
  readonly data?: Plotly.Data[];
  readonly layout?: Partial<Plotly.Layout>;
  readonly frames?: Partial<Plotly.Frame>[];
  readonly config?: Partial<Plotly.Config>;
}

export const plotly: IRenderMime.IExtension = {
  id: "cellwright:plotly",
  description: "Draws Plotly figures",
  rendererFactory: { safe: true, mimeTypes: [mimeType], createRenderer: () => new RenderedPlotly() },
  rank: 0,
  dataType: "json",
  fileTypes: [
    { name: "plotly", displayName: "Plotly", mimeTypes: [mimeType], extensions: [".plotly", ".plotly.json"] },
  ],
  documentWidgetFactoryOptions: {
    name: "Plotly",
    primaryFileType: "plotly",
    fileTypes: ["plotly", "json"],
    defaultFor: ["plotly"],
  },
};

class RenderedPlotly extends Widget implements IRenderMime.IRenderer {
  #figure: Figure = {};
  #drawn: typeof Plotly | undefined;
  readonly #sizes = new ResizeObserver(() => this.#fit());
  readonly #themes = new MutationObserver(() => void this.#draw());

  constructor() {
    super();
    this.addClass("jp-RenderedPlotly");
    this.node.style.minHeight = `${heightPx}px`;
    this.#sizes.observe(this.node);
    this.#themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = model.data[mimeType];
    // Plotly writes into what it is given: the notebook's own data stays as it is.
    this.#figure = (typeof figure === "string" ? JSON.parse(figure) : structuredClone(figure)) as Figure;
    this.node.style.minHeight = `${this.#figure.layout?.height ?? heightPx}px`;
    this.node.setAttribute("role", "figure"); // no img: its tools take the focus
    this.node.setAttribute("aria-label", String(model.data["text/plain"] ?? "Plot"));
    await this.#draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#sizes.disconnect();
    this.#themes.disconnect();
    this.#drawn?.purge(this.node);
    super.dispose();
  }

  async #draw(): Promise<void> {
    const { data = [], layout = {}, frames, config } = this.#figure;
    const drawing = await loadPlotly();
    if (this.isDisposed) return;
    await drawing.react(this.node, data, inTheme({ height: heightPx, autosize: true, ...layout }), {
      displaylogo: false,
      ...config,
      responsive: false, // our own observer sees what the window's size does not tell: side bars, split panes
    });
    if (frames) await drawing.addFrames(this.node, frames as Plotly.Frame[]);
    this.#drawn = drawing;
    this.#fit();
  }

  #fit(): void {
    const { clientWidth } = this.node;
    const { _fullLayout: full } = this.node as { _fullLayout?: { width: number } };
    if (!this.#drawn || this.#figure.layout?.width || clientWidth === 0 || full?.width === clientWidth) return;
    void this.#drawn.Plots.resize(this.node);
  }
}

let loading: Promise<typeof Plotly> | undefined;

function loadPlotly(): Promise<typeof Plotly> {
  loading ??= import("plotly.js/dist/plotly-cartesian.min.js").then(
    (module) => (module as unknown as { readonly default: typeof Plotly }).default,
  );
  loading.catch(() => {
    loading = undefined; // the next plot tries again
  });
  return loading;
}

/** The shared template in the theme's shade, on the notebook's own ground. */
function inTheme(layout: Partial<Plotly.Layout>): Partial<Plotly.Layout> {
  const { template } = layout as { template?: Template };
  const ours = plotTemplate("light") as Template;
  if (template && template.layout?.paper_bgcolor !== ours.layout?.paper_bgcolor) return layout;
  const shade = document.body.dataset["jpThemeLight"] === "false" ? "dark" : "light";
  const themed = plotTemplate(shade) as Template;
  const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
  return { ...layout, template: { ...themed, layout: { ...themed.layout, ...clear } } as Plotly.Template };
}

interface Template {
  readonly layout?: Partial<Plotly.Layout>;
}
