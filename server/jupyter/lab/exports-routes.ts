// HTTP of what a notebook exports: the functions that can be deployed.
import { readFile } from "node:fs/promises";
import { Router } from "express";
import { cellGraph } from "../../../kernel/notebook/cell-graph.ts";
import { isCode, sourceOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebookBytes } from "../../../kernel/notebook/read-notebook.ts";
import { allow } from "../../auth/principal.ts";
import type { Contents } from "../contents/contents.ts";
import { pathOf } from "../contents/routes.ts";

export function exportsRoutes(contents: Contents): Router {
  const router = Router();

  router.get("/lab/api/exports/*path", allow("lab"), async (req, res) => {
    const path = pathOf(req.params);
    const notebook = readNotebookBytes(await readFile(await contents.fileOf(path)), { name: path });
    const cells = notebook.cells.flatMap((cell, index) =>
      isCode(cell) ? [{ id: cell.id ?? `#${index + 1}`, position: index + 1, source: sourceOf(cell), tags: [] }] : [],
    );
    res.json({ exports: [...new Set(cellGraph(cells).flatMap(({ exports }) => exports))] });
  });

  return router;
}
