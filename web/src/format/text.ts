/** Names, accounts and times as every page writes them. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `14 Mar 2026, 06:00 UTC` */
export function time(iso: string): string {
  const at = new Date(iso);
  return `${day(iso)} ${at.getUTCFullYear()}, ${clock(at)} UTC`;
}

/** `14 Mar` */
export function day(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

/** `14 Mar, 05:52:31 UTC`, for the moment a document was read. */
export function moment(iso: string): string {
  const at = new Date(iso);
  return `${day(iso)}, ${clock(at)}:${two(at.getUTCSeconds())} UTC`;
}

function clock(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Age in the largest unit that keeps it readable: `12 min`, `7 h`, `41 d`. */
export function age(iso: string, now: number = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - new Date(iso).getTime()) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} d`;
}

/** A twelve-digit account id in groups of four; anything else unchanged. */
export function accountId(id: string): string {
  return /^\d{12}$/.test(id) ? `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}` : id;
}

/** The alias where there is one, else the grouped id. */
export function accountName(node: { account?: string | null; accountName?: string | null }): string {
  return node.accountName || (node.account ? accountId(node.account) : "");
}

/** Cuts a long name in the middle: `prod/pay…gateway`. */
export function middle(name: string, max = 28): string {
  if (name.length <= max) return name;
  const tail = Math.ceil((max - 1) / 2);
  return `${name.slice(0, max - 1 - tail)}…${name.slice(name.length - tail)}`;
}

/** `a, b and c` */
export function list(words: readonly string[], last = "and"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** `a, b and c`, or `a, b and 7 more` where there are more than `most`. */
export function firstOf(words: readonly string[], most: number): string {
  if (words.length <= most) return list(words);
  return list([...words.slice(0, most - 1), `${words.length - most + 1} more`]);
}

/** First letter in upper case, the rest untouched. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
