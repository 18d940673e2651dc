// A notebook in other forms, over HTTP: a page with living plots, a script, Markdown.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPdfPrinter } from "../../../server/jupyter/export/pdf.ts";
import { findChromium } from "../../browser/chromium.ts";
import { type LabServer, labServer } from "./lab-server.ts";

let server: LabServer;
beforeAll(async () => {
  server = await labServer();
  const plot = { data: [{ y: [1, 2, 3] }], layout: {} };
  const outputs = [
    { output_type: "stream", name: "stdout", text: ["a\n", "```b\n"] },
    {
      output_type: "display_data",
      data: { "application/vnd.plotly.v1+json": plot, "text/plain": "three points" },
      metadata: {},
    },
    { output_type: "display_data", data: { "image/png": "iVBO\nRw==" }, metadata: {} },
    { output_type: "error", ename: "Error", evalue: "no more", traceback: [] },
  ];
  const cells = [
    { cell_type: "markdown", id: "m", metadata: {}, source: ["# Title\n", "\n", "Text."] },
    { cell_type: "code", id: "c", metadata: {}, execution_count: 1, source: "const a = 1;\na", outputs },
  ];
  server.put("notebooks/out.ipynb", JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  server.put("notebooks/broken.ipynb", "{");
});
afterAll(() => server?.[Symbol.asyncDispose]());

const exported = (form: string, query = "") =>
  server.api<string>("GET", `/nbconvert/${form}/notebooks/out.ipynb${query}`);

describe("exports", () => {
  test("are listed with their types", async () => {
    expect((await server.api("GET", "/api/nbconvert")).body).toEqual({
      html: { output_mimetype: "text/html" },
      pdf: { output_mimetype: "application/pdf" },
      markdown: { output_mimetype: "text/markdown" },
      script: { output_mimetype: "text/x-typescript" },
    });
  });

  test("as a page has the plot's points and its script, and may ask nobody", async () => {
    const { status, headers, body } = await exported("html");
    expect(status).toBe(200);
    expect(body).toContain("<h1>Title</h1>");
    expect(body).toContain('"y":[1,2,3]');
    expect(body.length).toBeGreaterThan(500_000); // Plotly itself is in it
    expect(headers.get("content-security-policy")).toMatch(/^sandbox allow-scripts; default-src 'none'/);
    expect(headers.get("content-disposition")).toBeNull();
  });

  test("as a script is code, with prose as comments", async () => {
    const { headers, body } = await exported("script", "?download=true");
    expect(body).toBe("// %% [markdown]\n// # Title\n//\n// Text.\n\n// %%\nconst a = 1;\na\n");
    expect(headers.get("content-disposition")).toBe("attachment; filename=out.ts");
  });

  test("as Markdown has prose, code, and outputs as text or picture", async () => {
    expect((await exported("markdown")).body).toBe(
      [
        "# Title\n\nText.",
        "```typescript\nconst a = 1;\na\n```",
        "````\na\n```b\n````",
        "```\nthree points\n```",
        "![](data:image/png;base64,iVBORw==)",
        "```\nError: no more\n```\n",
      ].join("\n\n"),
    );
  });

  test.skipIf(!findChromium())("as PDF is printed, and says what to install where nothing prints", async () => {
    const reply = await fetch(`${server.url}/nbconvert/pdf/notebooks/out.ipynb?download=true`, {
      headers: { authorization: `token ${server.token}` },
    });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    expect(reply.headers.get("content-disposition")).toBe("attachment; filename=out.pdf");
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect(bytes.length).toBeGreaterThan(10_000); // fonts, and the plot's lines
    const print = createPdfPrinter({ env: { PATH: "/nowhere" }, named: "/nowhere/chromium" });
    await expect(print("<p>")).rejects.toThrow("found no Chromium at /nowhere/chromium, expected one to print with");
  });

  test("do not come of what is no notebook, or in a form there is not", async () => {
    expect((await server.api("GET", "/nbconvert/html/notebooks/broken.ipynb")).status).toBe(400);
    expect((await server.api("GET", "/nbconvert/html/notebooks/none.ipynb")).status).toBe(404);
    expect((await server.api("GET", "/nbconvert/latex/notebooks/out.ipynb")).status).toBe(404);
    expect((await server.api("GET", "/nbconvert/constructor/notebooks/out.ipynb")).status).toBe(404);
  });
});
