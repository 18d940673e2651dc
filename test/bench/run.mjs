// npm run bench [part …]: measures what the project promises to be quick at, beside its peers in the same run, and prints a
// table. Nothing here passes or fails; read it on a quiet machine.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const dist = (path) => join(root, "dist", path);

const parts = ["kernel", "library", "serving"];

/** Middle value; with an even count the lower of the two. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** Milliseconds that each of `runs` calls took, after one that is not counted. */
export async function timed(work, runs = 5) {
  await work();
  const times = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !parts.includes(name));
  if (unknown.length > 0) {
    console.error(`Cannot bench ${unknown.join(", ")}: expected ${parts.join(", ")}`);
    process.exit(2);
  }
  for (const part of wanted.length > 0 ? wanted : parts) {
    const { bench } = await import(`./${part}.mjs`);
    print(part, await bench());
  }
  process.exit(0);
}

function print(title, rows) {
  const columns = ["what", "ours", "peer", "ratio", "goal"];
  const table = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? "–")))];
  const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i].length)));
  console.log(`\n${title} · Node ${process.versions.node}`);
  for (const row of table) console.log(row.map((text, i) => text.padEnd(widths[i])).join("  "));
}
