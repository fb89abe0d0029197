import { Fragment } from "react";
import { Link } from "wouter";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { TASK } from "../../format/words";
import { CopyButton } from "../../ui/controls";
import { Icon, KindIcon } from "../../ui/icon";
import { useUrl } from "../../url/state";
import { policyOf } from "./policy";
import type { GapData } from "./queries";

/** Each gap with what it could hide and the permission that would close it. */
export function GapTable(props: {
  gaps: readonly GapData[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
  onEnd: () => void;
}) {
  const { gaps, chosen, onChoose } = props;
  return (
    <div className="gpt">
      <table>
        <colgroup>
          <col style={{ width: 42 }} />
          <col />
          <col style={{ width: 176 }} />
          <col style={{ width: 150 }} />
          <col style={{ width: 110 }} />
          <col style={{ width: 110 }} />
          <col style={{ width: 260 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">Details</span>
            </th>
            <th scope="col">Read that was not answered</th>
            <th scope="col">Account, region</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="r">
              Critical assets
            </th>
            <th scope="col" className="r">
              Families on it
            </th>
            <th scope="col">Permission that closes it</th>
          </tr>
        </thead>
        <tbody>
          {gaps.map((gap) => (
            <Fragment key={gap.id}>
              <tr className={chosen === gap.id ? "on" : undefined}>
                <td>
                  <button
                    type="button"
                    className="tw"
                    aria-expanded={chosen === gap.id}
                    aria-label={`Details of ${gap.service} ${gap.operation}`}
                    onClick={() => onChoose(chosen === gap.id ? null : gap.id)}
                  >
                    <Icon name={chosen === gap.id ? "down" : "right"} size="xs" />
                  </button>
                </td>
                <td title={gap.detail}>
                  <span className="b">
                    {gap.service} {gap.operation}
                  </span>{" "}
                  <span className="m s12">{gap.detail}</span>
                </td>
                <td className="m2">
                  {t.accountName(gap)}
                  {gap.region && <span className="m">, {gap.region}</span>}
                </td>
                <td>
                  <span className="tag unk">{TASK[gap.outcome]}</span>
                </td>
                <td className="r">
                  {gap.criticalAssets > 0 ? (
                    <b>{n.count(gap.criticalAssets)}</b>
                  ) : (
                    <span className="m">0</span>
                  )}
                </td>
                <td className="r">
                  {gap.onPaths > 0 ? <b>{n.count(gap.onPaths)}</b> : <span className="m">0</span>}
                </td>
                <td>
                  {gap.permission.length > 0 ? (
                    <code>{gap.permission.join(", ")}</code>
                  ) : (
                    <span className="m">not a matter of permission</span>
                  )}
                </td>
              </tr>
              {chosen === gap.id && (
                <tr className="ex">
                  <td colSpan={7}>
                    <GapDetail gap={gap} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      <More onEnd={props.onEnd} />
    </div>
  );
}

function GapDetail({ gap }: { gap: GapData }) {
  const url = useUrl();
  return (
    <div className="gpd">
      <section>
        <h3>What it affects</h3>
        {gap.affects.length > 0 ? (
          <ul className="bhl">
            {gap.affects.map((node) => (
              <li key={node.id} className="name" title={node.id}>
                <KindIcon kind={node.kind} size="s" />
                <span>{t.middle(node.name, 40)}</span>
              </li>
            ))}
            {gap.affectsCount > gap.affects.length && (
              <li className="m">and {n.count(gap.affectsCount - gap.affects.length)} more</li>
            )}
          </ul>
        ) : (
          <p className="m2">No node that was read depends on it; what exists only there is not known.</p>
        )}
        {gap.onPaths > 0 && (
          <p>
            <Link className="textlink" href={url.href("/paths", { f: "status:unknown" })}>
              {n.plural(gap.onPaths, "family", "families")} rest on it
            </Link>
          </p>
        )}
        {gap.detail && <p className="m2">Answer of the source: {gap.detail}</p>}
      </section>
      {gap.permission.length > 0 && (
        <section>
          <h3>Policy that closes it</h3>
          <div className="pol">
            <pre className="mono">{policyOf([gap])}</pre>
            <CopyButton className="ib" text={() => policyOf([gap])} label="Copy policy">
              <Icon name="copy" size="s" />
            </CopyButton>
          </div>
        </section>
      )}
    </div>
  );
}

/** Asks for the next page of gaps when there may be one. */
function More({ onEnd }: { onEnd: () => void }) {
  return (
    <span
      ref={(element) => {
        if (!element) return;
        const watch = new IntersectionObserver(
          (entries) => entries.some((entry) => entry.isIntersecting) && onEnd(),
        );
        watch.observe(element);
        return () => watch.disconnect();
      }}
    />
  );
}
