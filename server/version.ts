// The version of this package, from its package.json: two folders up in dist, one in the checkout.
import { readFileSync } from "node:fs";

const packageFile = new URL(
  import.meta.url.endsWith(".ts") ? "../package.json" : "../../package.json",
  import.meta.url,
);

export const version: string = (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
