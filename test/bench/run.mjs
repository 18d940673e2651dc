// npm run bench [part …]: measures what the project promises to be quick at, beside its peers in the same run, and prints a
// table. Nothing here passes or fails; read it on a quiet machine.
const parts = ["kernel", "lab", "library", "monitoring", "serving"];

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

function print(title, rows) {
  const columns = "ours" in rows[0] ? ["what", "ours", "peer", "ratio", "goal"] : Object.keys(rows[0]);
  const table = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? "–")))];
  const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i].length)));
  console.log(`\n${title} · Node ${process.versions.node}`);
  for (const row of table) console.log(row.map((text, i) => text.padEnd(widths[i])).join("  "));
}
