import * as n from "../../format/numbers";
import { entryWord } from "../../format/words";
import { type EstateData, readShare } from "../../frame/estate";
import { LevelShape, StackBar, type StackPart, Swatch } from "../../ui/marks";

/** Four figures: assets, risk, families, and what was not seen. */
export function Strip({ estate }: { estate: EstateData["estate"] }) {
  const { reached, unknown, noPathSeen } = estate.criticalAssets;
  const total = reached + unknown + noPathSeen;
  const parts: StackPart[] = [
    { key: "reached", title: "reached", count: reached, background: "var(--crit-g)" },
    { key: "unknown", title: "unknown", count: unknown, background: "", hatch: true },
    { key: "none", title: "no path seen", count: noPathSeen, background: "var(--line-strong)" },
  ];
  const share = readShare(estate);
  const partial = estate.truncated ? "+" : "";
  return (
    <div className="panel strip">
      <section>
        <h2>Critical assets</h2>
        <p className="big">
          {n.count(reached)}
          {partial}
          <small>reached, of {n.count(total)}</small>
        </p>
        <StackBar parts={parts} className="stk stack" />
        <p className="leg">
          {parts.map((part) => (
            <span key={part.key}>
              <Swatch part={part} />
              <b>{n.count(part.count)}</b> {part.title}
            </span>
          ))}
        </p>
      </section>
      <section>
        <h2>Estate risk, likelihood × impact</h2>
        <p className="big">
          {n.risk(estate.risk.value)}
          {partial}
          <small className="lvl">
            <LevelShape level={estate.level} /> {estate.level}
          </small>
        </p>
        <p className="s12 m2">
          95 % between {n.risk(estate.risk.lower)} and {n.risk(estate.risk.upper)}
        </p>
        <p className="s12 m">Sum over assets; scores are not calibrated to incidents.</p>
      </section>
      <section>
        <h2>Path families by entry point</h2>
        <p className="big">
          {n.count(estate.attackPaths)}
          {partial}
          <small>with {n.plural(estate.paths, "path")}</small>
        </p>
        <div className="ent">
          {estate.entries.slice(0, 6).map((entry) => (
            <span key={entry.value}>
              {entryWord(entry.value)}
              <b>{n.count(entry.count)}</b>
            </span>
          ))}
        </div>
      </section>
      <section>
        <h2>What was not seen</h2>
        <p className="big">
          {share || n.count(estate.gaps)}
          <small>{share ? "of reads answered" : estate.gaps === 1 ? "gap" : "gaps"}</small>
        </p>
        <p className="s12 m2 pad">
          {share && `${n.plural(estate.gaps, "gap")}. `}
          {estate.gapsOnTargets > 0 ? (
            <>
              <b>{estate.gapsOnTargets} could hide a path</b> to a critical asset.
            </>
          ) : (
            "None of them touches a critical asset."
          )}
        </p>
      </section>
    </div>
  );
}
