/** Figures as every page writes them. Rounding happens here and nowhere else. */

const EN_DASH = "–";

/** A probability in a table cell: `.31`, `1.00`, `< .01`. Never a percentage. */
export function likelihood(value: number): string {
  if (value === 0) return "0";
  if (value < 0.01) return "< .01";
  return dropZero(value.toFixed(2));
}

/** The same in prose and for reading aloud: `0.31`. */
export function likelihoodProse(value: number): string {
  if (value === 0) return "0";
  return value < 0.01 ? "less than 0.01" : value.toFixed(2);
}

function dropZero(text: string): string {
  return text.startsWith("0.") ? text.slice(1) : text;
}

/** `.29–.33`; one number when both ends agree. */
export function likelihoodInterval(lower: number, upper: number): string {
  const from = likelihoodEnd(lower);
  const to = likelihoodEnd(upper);
  return from === to ? from : `${from}${EN_DASH}${to}`;
}

function likelihoodEnd(value: number): string {
  return value === 0 ? "0" : dropZero(value.toFixed(2));
}

/** Risk, 0 to 1,000 per asset: whole numbers, `< 1` for what is not nothing. */
export function risk(value: number): string {
  if (value > 0 && value < 0.5) return "< 1";
  return grouped(Math.round(value));
}

/** `227–259`; one number when both ends agree. */
export function riskInterval(lower: number, upper: number): string {
  const from = grouped(Math.round(lower));
  const to = grouped(Math.round(upper));
  return from === to ? from : `${from}${EN_DASH}${to}`;
}

/** A whole number with commas. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Counts: exact below 10,000, then `48 k`, `2.1 M`, `3.4 G`. */
export function count(value: number): string {
  if (Math.abs(value) < 10_000) return grouped(value);
  for (const [size, unit] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (value >= size) {
      const scaled = value / size;
      return `${scaled < 10 ? trimmed(scaled) : Math.round(scaled)} ${unit}`;
    }
  }
  return grouped(value);
}

function trimmed(value: number): string {
  const text = value.toFixed(1);
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

/** Bytes in binary units: `1.2 GiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit > 0 && size < 10 ? trimmed(size) : Math.round(size)} ${units[unit]}`;
}

/** A share with its interval, `38–44 %`. Ends are fractions of 1. */
export function share(lower: number, upper: number): string {
  const digits = upper < 0.02 ? 1 : 0;
  const from = percent(lower, digits);
  const to = percent(upper, digits);
  return from === to ? `${from} %` : `${from}${EN_DASH}${to} %`;
}

/** Absence is a bound: `≤ 0.3 %`. Rounded up, so that the bound stays one. */
export function shareBound(value: number): string {
  const digits = value < 0.1 ? 1 : 0;
  const scale = 10 ** digits;
  return `≤ ${String(Math.ceil(value * 100 * scale - 1e-9) / scale)} %`;
}

function percent(value: number, digits: number): string {
  const text = (value * 100).toFixed(digits);
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

/** Part of a whole in percent, one decimal, never rounded up to 100 or down to 0. */
export function portion(part: number, whole: number): string {
  if (whole === 0 || part === whole) return "100 %";
  const value = Math.floor((part / whole) * 1000) / 10;
  return `${value === 0 && part > 0 ? "< 0.1" : trimmed(value)} %`;
}

/** Difference with its sign and a true minus: `+21`, `−45`. */
export function signed(value: number): string {
  const size = grouped(Math.abs(Math.round(value)));
  if (size === "0") return "0";
  return value < 0 ? `−${size}` : `+${size}`;
}

/** `1 path`, `8 paths`, with the count written as everywhere. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Whether an interval says more than its middle: both ends read as the value itself. */
export function isExact(
  of: { value: number; lower: number; upper: number },
  write: (value: number) => string,
): boolean {
  return write(of.lower) === write(of.value) && write(of.upper) === write(of.value);
}
