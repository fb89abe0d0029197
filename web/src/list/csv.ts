export type Cell = string | number | boolean | null | undefined;

/** RFC 4180, with the circumstances as comment lines on top and formulas defused. */
export function toCsv(rows: readonly Record<string, Cell>[], about: Record<string, string>): string {
  const comments = Object.entries(about).map(([key, value]) => `# ${key}: ${value}`);
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return [...comments, ...lines.map((line) => line.map(cell).join(","))].join("\r\n").concat("\r\n");
}

function cell(value: Cell): string {
  if (typeof value === "number") return String(value);
  let text = value === null || value === undefined ? "" : String(value);
  // A spreadsheet runs what starts like a formula.
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
