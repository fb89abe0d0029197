const TAIL = 8;

/** A name that keeps its end where there is no room for all of it: names of a kind differ there. */
export function Name({ of, tail = TAIL }: { of: string; tail?: number }) {
  if (of.length <= 2 * tail) return <span className="el">{of}</span>;
  const cut = of.length - tail;
  return (
    <span className="keep">
      <span>{of.slice(0, cut)}</span>
      <span>{of.slice(cut)}</span>
    </span>
  );
}
