import * as t from "../../format/text";
import { entryIcon, entryWord } from "../../format/words";
import { Icon, KindIcon } from "../../ui/icon";
import { LabelTag } from "../../ui/marks";
import type { Family } from "./queries";

/** Line above the first family of an asset or an entry point. */
export function GroupHead(props: { by: "target" | "entry"; row: Family; previous: Family | undefined }) {
  const { by, row, previous } = props;
  const same =
    by === "target" ? previous?.target.id === row.target.id : previous?.entryKind === row.entryKind;
  if (same) return null;
  if (by === "entry") {
    return (
      <span className="name">
        <Icon name={entryIcon(row.entryKind)} size="s" />
        <span className="b">{entryWord(row.entryKind)}</span>
      </span>
    );
  }
  return (
    <span className="name">
      <KindIcon kind={row.target.kind} size="s" />
      <span className="b">{row.target.name}</span>
      <span className="m s12">
        {row.target.kindTitle}
        {row.target.account && `, ${t.accountName(row.target)}`}
      </span>
      {row.label && <LabelTag label={row.label} />}
    </span>
  );
}
