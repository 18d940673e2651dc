// HTTP of exports: which forms there are, and a notebook in one of them. Addresses as Jupyter Server's.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Router } from "express";
import { notebookToHtml } from "../../../kernel/notebook/html/notebook-to-html.ts";
import type { Notebook } from "../../../kernel/notebook/nbformat.ts";
import { readNotebookBytes } from "../../../kernel/notebook/read-notebook.ts";
import { quote } from "../../../lib/core/check.ts";
import { allow } from "../../auth/principal.ts";
import { NotFoundError } from "../../errors.ts";
import type { Contents } from "../contents/contents.ts";
import { pathOf } from "../contents/routes.ts";
import { notebookToMarkdown } from "./markdown.ts";
import type { PrintPdf } from "./pdf.ts";
import { notebookToScript } from "./script.ts";

interface Form {
  readonly mimeType: string;
  readonly ext: string;
  write(notebook: Notebook): string | Promise<Buffer>;
}

/** An exported page is not this server's own: its scripts run apart from it, and it asks nobody. */
const pagePolicy =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

export interface ExportParts {
  /** Its script's text, read when a page needs it. */
  readonly plotly: () => string;
  readonly printPdf: PrintPdf;
}

export function exportRoutes(contents: Contents, { plotly, printPdf }: ExportParts): Router {
  const router = Router();
  const page = (notebook: Notebook): string => notebookToHtml(notebook, { plotly: { script: plotly() } });
  const forms: Record<string, Form> = {
    html: { mimeType: "text/html", ext: ".html", write: page },
    pdf: { mimeType: "application/pdf", ext: ".pdf", write: (notebook) => printPdf(page(notebook)) },
    markdown: { mimeType: "text/markdown", ext: ".md", write: notebookToMarkdown },
    script: { mimeType: "text/x-typescript", ext: ".ts", write: notebookToScript },
  };

  function formNamed(name: string): Form {
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (form) return form;
    throw new NotFoundError(`Cannot export as ${quote(name)}: expected ${Object.keys(forms).join(", ")}`);
  }

  router.get("/api/nbconvert", allow("lab"), (_req, res) => {
    const listed = Object.entries(forms).map(([name, { mimeType }]) => [name, { output_mimetype: mimeType }]);
    res.json(Object.fromEntries(listed));
  });
  router.get("/nbconvert/:form/*path", allow("lab"), async (req, res) => {
    const { mimeType, ext, write } = formNamed(req.params.form);
    const path = pathOf(req.params);
    const notebook = readNotebookBytes(await readFile(await contents.fileOf(path)), { name: path });
    const written = await write(notebook);
    res.setHeader("content-security-policy", pagePolicy);
    res.setHeader("cache-control", "no-store");
    if (req.query["download"] === "true") res.attachment(basename(path).replace(/\.ipynb$/, "") + ext);
    res.setHeader("content-type", typeof written === "string" ? `${mimeType}; charset=utf-8` : mimeType);
    res.send(written);
  });

  return router;
}
