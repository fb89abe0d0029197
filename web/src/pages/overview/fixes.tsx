import * as n from "../../format/numbers";
import { sentence } from "../../format/text";
import type { EstateData } from "../../frame/estate";
import { Trying, type useTrials } from "../../frame/trials";
import { Effort } from "../../ui/marks";
import { Empty, Skeleton } from "../../ui/states";
import type { OverviewData } from "./queries";

/** Single changes in the order that removes most risk per effort. */
export function FixFirst(props: {
  data: OverviewData | undefined;
  estate: EstateData["estate"];
  trials: ReturnType<typeof useTrials>;
}) {
  const { data, estate, trials } = props;
  const { reached, unknown, noPathSeen } = estate.criticalAssets;
  const total = reached + unknown + noPathSeen;
  const rows = data?.fixes;
  const most = Math.max(1, ...(rows ?? []).map((fix) => fix.riskRemoved.value));
  return (
    <section className="panel g2" id="fixes" tabIndex={-1} aria-labelledby="fixes-h">
      <div className="ph">
        <h2 id="fixes-h">Fix first</h2>
        <span className="sub">
          {estate.fixes === null ? "single changes" : n.plural(estate.fixes, "single change")}, each tried by
          deriving every path again without the fact
        </span>
      </div>
      {rows === null ? (
        <Trying trials={trials} />
      ) : !rows ? (
        <Skeleton rows={5} height={31} />
      ) : rows.length === 0 ? (
        <Empty title={reached === 0 ? "Nothing to close." : "No single change closes a path."} />
      ) : (
        <table>
          <colgroup>
            <col style={{ width: 40 }} />
            <col />
            <col style={{ width: 146 }} />
            <col style={{ width: 92 }} />
            <col style={{ width: 110 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 110 }} />
            <col style={{ width: 120 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">
                <span className="vh">Order</span>
              </th>
              <th scope="col">Fix</th>
              <th scope="col">Changes</th>
              <th scope="col">Effort</th>
              <th scope="col" colSpan={2}>
                Risk removed
              </th>
              <th scope="col" className="r">
                Families closed
              </th>
              <th scope="col" className="r">
                Reached after
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((fix, index) => (
              <tr key={fix.id}>
                <td className="m">{index + 1}</td>
                <td className="el" title={fix.title}>
                  <FixTitle title={fix.title} name={fix.node.name} />
                </td>
                <td className="m2">{sentence(fix.kind)}</td>
                <td>
                  <Effort value={fix.effort} />
                </td>
                <td>
                  <span className="bar" aria-hidden="true">
                    <i style={{ width: `${Math.max(0, (fix.riskRemoved.value / most) * 100)}%` }} />
                  </span>
                </td>
                <td className="r b fixc">{n.signed(-fix.riskRemoved.value)}</td>
                <td className="r m2">{fix.closes === 0 ? "none alone" : n.count(fix.closes)}</td>
                <td className="r m2">
                  {fix.reachedAfter} of {total}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The title with the name of what changes in bold, where it occurs. */
function FixTitle({ title, name }: { title: string; name: string }) {
  const at = name ? title.indexOf(name) : -1;
  if (at < 0) return <>{title}</>;
  return (
    <>
      {title.slice(0, at)}
      <b className="b6">{name}</b>
      {title.slice(at + name.length)}
    </>
  );
}
