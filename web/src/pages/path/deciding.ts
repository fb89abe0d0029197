/**
 * Lines inside the marked ranges whose value matches one of the nodes of the
 * step: the value that decided. Numbers count from 1.
 */
export function decidingLines(
  lines: readonly string[],
  ranges: readonly (readonly [number, number])[],
  ids: readonly string[],
): Set<number> {
  const out = new Set<number>();
  for (const [from, to] of ranges) {
    for (let number = from; number <= Math.min(to, lines.length); number++) {
      const line = lines[number - 1] ?? "";
      // A value, not a key: the last string of the line, not followed by a colon.
      const value = /"((?:[^"\\]|\\.)*)"\s*,?\s*$/.exec(line)?.[1];
      if (value && ids.some((id) => matches(value, id))) out.add(number);
    }
  }
  return out;
}

/** Whether a policy value names the id: itself, its account, or by wildcard. */
export function matches(value: string, id: string): boolean {
  if (value === id) return true;
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(id)?.[1];
  if (account && (value === account || value.endsWith(`:${account}:root`))) return true;
  if (!value.startsWith("arn:") || !/[*?]/.test(value)) return false;
  const pattern = value
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  // A bucket's objects are written behind a slash.
  return new RegExp(`^${pattern}$`).test(id) || new RegExp(`^${pattern}$`).test(`${id}/`);
}
