// Values as people read them: numbers with six digits where they have more, dates short, nothing hidden.

/** One cell of a table. */
export function formatValue(value: unknown, type?: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return formatNumber(value);
  if (Object.prototype.toString.call(value) === "[object Date]") return formatDate(value as Date, type === "date");
  if (typeof value === "object") {
    const plain = ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<unknown>) : value;
    const text = JSON.stringify(plain, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
    return text.length > 200 ? `${text.slice(0, 199)}…` : text;
  }
  return String(value);
}

/** Whole numbers whole; others rounded to six significant digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** `7,043`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

function formatDate(date: Date, dayOnly: boolean): string {
  if (Number.isNaN(date.getTime())) return "invalid date";
  const text = date.toISOString();
  if (dayOnly) return text.slice(0, 10);
  return text
    .replace("T", " ")
    .replace(/(:00)?\.000Z$/, "")
    .replace(/Z$/, "");
}
