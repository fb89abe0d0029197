import { Menu } from "@mantine/core";
import * as n from "../format/numbers";
import * as t from "../format/text";
import { Icon } from "../ui/icon";
import { usePin } from "../url/snapshot";
import { useUrl } from "../url/state";
import { type EstateData, useSnapshots } from "./estate";

/** Which picture of the estate is shown, and the others there are. */
export function SnapshotMenu({ data }: { data: EstateData | undefined }) {
  const url = useUrl();
  const { pin } = usePin();
  const snapshots = useSnapshots();
  const shown = data?.estate.snapshot;
  const all = snapshots.data?.snapshots ?? [];
  if (!shown) return <span className="sel" style={{ width: 260 }} aria-hidden="true" />;
  const latest = all[0] ? all[0].id === shown.id : shown.latest;
  return (
    <Menu position="bottom-start" width={360} offset={4}>
      <Menu.Target>
        <button type="button" className="sel" title={`Snapshot ${shown.id}`}>
          <Icon name="clock" size="s" />
          <b>{t.time(shown.takenAt)}</b>
          <span className="m">
            {t.middle(shown.id, 18)}
            {latest ? ", latest" : ""}
          </span>
          <Icon name="down" size="xs" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Snapshots, newest first</Menu.Label>
        {all.map((snapshot, index) => (
          <Menu.Item
            key={snapshot.id}
            aria-current={snapshot.id === shown.id ? "true" : undefined}
            onClick={() => {
              pin(snapshot.id);
              url.set({ s: index === 0 ? null : snapshot.id }, { push: true });
            }}
          >
            <span className="snap">
              <span className="b">{t.time(snapshot.takenAt)}</span>
              <span className="m">{t.age(snapshot.takenAt)} ago</span>
              <span className="m s12">
                {t.middle(snapshot.id, 24)}, {snapshot.source}
              </span>
              <span className="m s12">
                {n.plural(snapshot.accounts, "account")}, {n.plural(snapshot.gaps, "gap")}
              </span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
