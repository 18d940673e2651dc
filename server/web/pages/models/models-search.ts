// What the page of models is set to, as its address keeps it.
export interface ModelsSearch {
  /** Words a name or description has. */
  readonly q?: string;
  /** `name`, or `-calls` for the greatest first. */
  readonly sort?: string;
  /** Columns left out. */
  readonly hide?: readonly string[];
}

/** Drops what means nothing, so that a wrong address still shows a page. */
export function parseModelsSearch({ q, sort, hide }: Record<string, unknown>): ModelsSearch {
  return {
    ...((typeof q === "string" || typeof q === "number") && q !== "" && { q: String(q) }),
    ...(typeof sort === "string" && sort !== "" && { sort }),
    ...(Array.isArray(hide) && hide.length > 0 && { hide: hide.map(String) }),
  };
}
