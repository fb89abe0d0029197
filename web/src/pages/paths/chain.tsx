import { Fragment } from "react";
import { isOutside } from "../../format/kinds";
import { entryIcon, entryWord, OUTCOME } from "../../format/words";
import { Icon, KindIcon } from "../../ui/icon";
import { Name } from "../../ui/name";

interface ChainOf {
  rank: number;
  entryKind: string;
  outcome: keyof typeof OUTCOME;
  chain: readonly { id: string; kind: string; name: string }[];
  target: { id: string; kind: string; name: string };
}

/** Entry, kinds of the steps between, outcome where it is not the usual one, target. */
export function PathChain({ family }: { family: ChainOf }) {
  const between = betweenOf(family);
  return (
    <span className="chain">
      <span className="m rk">{family.rank}</span>
      <Icon name={entryIcon(family.entryKind)} size="s" />
      <span className="et">{entryWord(family.entryKind)}</span>
      {between.map((node) => (
        <Fragment key={node.id}>
          <Icon name="right" size="xs" />
          <span title={node.name}>
            <KindIcon kind={node.kind} size="s" />
          </span>
        </Fragment>
      ))}
      <Icon name="right" size="xs" />
      {family.outcome !== "read" && <span className="m2">{OUTCOME[family.outcome]}</span>}
      <KindIcon kind={family.target.kind} size="s" />
      <b title={family.target.name}>
        <Name of={family.target.name} />
      </b>
    </span>
  );
}

/** What stands between: an entry outside the estate is said in words, one inside is a node on the way. */
function betweenOf(family: ChainOf) {
  return family.chain.filter((node) => node.id !== family.target.id && !isOutside(node.kind));
}

/** The same without target, for a row that already names it. */
export function BestPathChain({ family }: { family: ChainOf }) {
  const between = betweenOf(family);
  const room = entryWord(family.entryKind).length > 11 ? 3 : 4;
  const shown = between.length > room ? between.slice(0, room - 1) : between;
  const more = between.slice(shown.length);
  return (
    <span className="chain">
      <span className="et">{entryWord(family.entryKind)}</span>
      {shown.map((node) => (
        <Fragment key={node.id}>
          <Icon name="right" size="xs" />
          <span title={node.name}>
            <KindIcon kind={node.kind} size="s" />
          </span>
        </Fragment>
      ))}
      {more.length > 0 && (
        <span className="m s12" title={more.map((node) => node.name).join(", ")}>
          +{more.length}
        </span>
      )}
    </span>
  );
}
