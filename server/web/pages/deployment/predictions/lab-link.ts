// From where a model threw to that cell in Lab. Pure text.

/** @param place `5_model_serve.ipynb, cell 4 (id), line 3` */
export function labLink(notebookPath: string, place: string): string {
  const path = notebookPath.split("/").map(encodeURIComponent).join("/");
  const cell = /, cell \d+ \((.+)\), line \d+$/.exec(place)?.[1];
  return `/lab/tree/${path}${cell ? `#cell-id=${encodeURIComponent(cell)}` : ""}`;
}
