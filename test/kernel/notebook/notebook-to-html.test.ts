// An executed notebook as a page: what each kind of cell and output becomes, and that nothing in it can break out.
import { describe, expect, test } from "vitest";
import { ansiToHtml } from "../../../kernel/notebook/html/ansi.ts";
import { notebookToHtml } from "../../../kernel/notebook/html/notebook-to-html.ts";
import type { Cell, Notebook, Output } from "../../../kernel/notebook/nbformat.ts";

const figure = { data: [{ y: [1, 2] }], layout: { title: { text: "</script><b>" }, height: 200 } };
const plotly = { script: 'window.Plotly = "</script>";' };

describe("a notebook as a page", () => {
  test("is named by its first heading, unless it is given a name", () => {
    const notebook = of(text("# Who will <leave>?\n\nText"));
    expect(notebookToHtml(notebook)).toContain("<title>Who will &lt;leave&gt;?</title>");
    expect(notebookToHtml(notebook, { title: "Mine" })).toContain("<title>Mine</title>");
  });

  test("colours code, keeps its count, and escapes what it says", () => {
    const page = notebookToHtml(of(code('const a = "<b>";', [], 3)));
    expect(page).toContain('data-count="3"');
    expect(page).toContain('<span class="tok-keyword">const</span>');
    expect(page).toContain("&quot;&lt;b&gt;&quot;");
  });

  test("shows HTML inside Markdown as text, and pictures attached to the cell", () => {
    const cell: Cell = {
      ...text("<img src=x onerror=alert(1)> ![a](attachment:a.png)"),
      attachments: { "a.png": { "image/png": "QUJD" } },
    };
    const page = notebookToHtml(of(cell));
    expect(page).not.toContain("<img src=x");
    expect(page).toContain('src="data:image/png;base64,QUJD"');
  });

  test("draws a plot once, with the script handed in, and holds its place", () => {
    const page = notebookToHtml(
      of(code("plot", [shown({ "application/vnd.plotly.v1+json": figure, "text/plain": 'A "plot"' })])),
      { plotly },
    );
    expect(page).toContain('aria-label="A &quot;plot&quot;" style="min-height:200px"');
    expect(page).toContain('window.Plotly = "<\\/script>"');
    expect(page).not.toContain('text":"</script>');
    const [, json] = /<script type="application\/json">(.*?)<\/script>/.exec(page)!;
    expect(JSON.parse(json!)).toEqual(figure);
  });

  test("tells a plot in words where there is no script, and needs no script without plots", () => {
    const output = shown({ "application/vnd.plotly.v1+json": figure, "text/plain": "A plot" });
    expect(notebookToHtml(of(code("plot", [output])))).toContain('<pre class="result">A plot</pre>');
    expect(notebookToHtml(of(code("1")), { plotly })).not.toContain("<script");
    expect(notebookToHtml(of(code("plot", [output])), { plotly: { src: "/ui/p.js" } })).toContain(
      '<script src="/ui/p.js">',
    );
  });

  test("takes the richest form of an output, and names what it cannot show", () => {
    const page = notebookToHtml(
      of(
        code("a", [shown({ "text/html": "<b>rich</b>", "text/plain": "poor" })]),
        code("b", [shown({ "image/png": "QUJD\n", "text/plain": "poor" })]),
        code("c", [shown({ "application/x-strange": {} })]),
        code("d", [{ output_type: "stream", name: "stderr", text: ["one <\n", "two"] }]),
        code("e", [{ output_type: "error", ename: "E", evalue: "v", traceback: ["\x1b[31mE\x1b[39m: v"] }]),
      ),
    );
    expect(page).toContain("<b>rich</b>");
    expect(page).not.toContain("poor");
    expect(page).toContain("data:image/png;base64,QUJD");
    expect(page).toContain("cannot show: application/x-strange");
    expect(page).toContain('<pre class="stream stderr">one &lt;\ntwo</pre>');
    expect(page).toContain('<pre class="error"><span class="ansi-red">E</span>: v</pre>');
  });
});

describe("terminal text", () => {
  test("keeps colours and weight, drops every other sequence", () => {
    expect(ansiToHtml("\x1b[1;31mbad\x1b[0m \x1b[2Kgood\x1b[?25l")).toBe(
      '<span class="ansi-bold ansi-red">bad</span> good',
    );
  });

  test("shows a line as it was last written", () => {
    expect(ansiToHtml("10 %\r50 %\r100 %\ndone\r\n")).toBe("100 %\ndone\n");
  });
});

function of(...cells: Cell[]): Notebook {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

function text(source: string): Cell & { cell_type: "markdown" } {
  return { cell_type: "markdown", id: "text", metadata: {}, source };
}

function code(source: string, outputs: Output[] = [], count: number | null = null): Cell {
  return { cell_type: "code", id: "code", metadata: {}, source, outputs, execution_count: count };
}

function shown(data: Record<string, unknown>): Output {
  return { output_type: "display_data", data, metadata: {} };
}
