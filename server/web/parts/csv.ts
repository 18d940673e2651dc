// Columns to CSV (RFC 4180) and text to a file on the reader's disk. No request is made.
export type CsvCell = string | number | null;

export function toCsv(columns: Readonly<Record<string, readonly CsvCell[]>>): string {
  const names = Object.keys(columns);
  const rows = columns[names[0]!]!.length;
  const lines = [names.map(quoted).join(",")];
  for (let row = 0; row < rows; row++) lines.push(names.map((name) => quoted(columns[name]![row] ?? null)).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

export function saveText(text: string, fileName: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: fileName });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function quoted(cell: CsvCell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
