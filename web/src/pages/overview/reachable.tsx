import { Link } from "wouter";
import * as n from "../../format/numbers";
import type { EstateData } from "../../frame/estate";
import { KindIcon } from "../../ui/icon";
import { LabelTag, Likelihood, RiskNumber } from "../../ui/marks";
import { Name } from "../../ui/name";
import { Empty, Skeleton } from "../../ui/states";
import { useUrl } from "../../url/state";
import { BestPathChain } from "../paths/chain";
import type { OverviewData } from "./queries";

/** The critical assets that can be reached, by risk. */
export function Reachable({
  data,
  estate,
}: {
  data: OverviewData | undefined;
  estate: EstateData["estate"];
}) {
  const url = useUrl();
  const rows = data?.datastores.nodes;
  const drawn = rows?.some(({ likelihood: of }) => of && n.likelihood(of.lower) !== n.likelihood(of.upper));
  return (
    <section className="panel" id="reachable" tabIndex={-1} aria-labelledby="reachable-h">
      <div className="ph">
        <h2 id="reachable-h">Reachable now</h2>
        <span className="sub">
          by risk; likelihoods are assumed priors{drawn ? " with 95 % intervals" : ""}
        </span>
        <Link className="more" href={url.href("/paths")}>
          All attack paths
        </Link>
      </div>
      {!rows ? (
        <Skeleton rows={9} height={33} />
      ) : rows.length === 0 ? (
        <Empty title="No path to a critical asset was seen.">
          Searched from the internet, any AWS account and every foreign trust; {n.plural(estate.gaps, "gap")}{" "}
          in what was read.
        </Empty>
      ) : (
        <table>
          <colgroup>
            <col style={{ width: 188 }} />
            <col style={{ width: 134 }} />
            <col />
            <col style={{ width: 200 }} />
            <col style={{ width: 112 }} />
            <col style={{ width: 86 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Asset</th>
              <th scope="col">Label</th>
              <th scope="col">Data</th>
              <th scope="col">Best path</th>
              <th scope="col">Likelihood</th>
              <th scope="col" className="r">
                Risk
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <Link className="name" href={url.href("/data", { sel: row.id })} title={row.node.name}>
                    <KindIcon kind={row.node.kind} />
                    <span className="b el">
                      <Name of={row.node.name} />
                    </span>
                  </Link>
                </td>
                <td>
                  <LabelTag label={row.label} />
                </td>
                <td className="m2 el">{row.types.map((type) => type.name).join(", ") || "not sampled"}</td>
                <td>
                  {row.bestPath && (
                    <Link
                      className="rowlink"
                      href={url.href(`/paths/${encodeURIComponent(row.bestPath.id)}`)}
                      title={`Best path to ${row.node.name}`}
                    >
                      <span className="vh">Best path to {row.node.name}: </span>
                      <BestPathChain family={row.bestPath} />
                    </Link>
                  )}
                </td>
                <td>
                  <Likelihood of={row.likelihood} />
                </td>
                <td className="r">
                  <RiskNumber level={row.level} value={row.risk.value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
