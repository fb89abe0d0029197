import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { request } from "../../api/client";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { EXPOSURE } from "../../format/words";
import { useKeys } from "../../frame/keys";
import { HopList } from "../../ui/hops";
import { Icon, KindIcon } from "../../ui/icon";
import { Empty, Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { LAYER, ports } from "./exposure";
import { type EndpointNode, EndpointQuery, type ReachData } from "./queries";

/** One endpoint: the way to it hop by hop, or the first element that stops it. */
export function EndpointDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const snapshot = useSnapshot();
  const query = useQuery({
    queryKey: ["endpoint", id, snapshot],
    queryFn: ({ signal }) => request(EndpointQuery, { id, to: id, snapshot }, signal),
    placeholderData: undefined,
  });
  useKeys([{ keys: "Escape", title: "Back to the list", run: onClose }]);
  const found = query.data?.node;
  const node = found && "endpoint" in found ? (found as EndpointNode) : null;
  return (
    <aside className="panel exd" aria-label="Endpoint">
      <div className="ph">
        {node && <KindIcon kind={node.kind} />}
        <h2 className="el" title={id}>
          {node ? node.name : t.middle(id, 40)}
        </h2>
        {node && (
          <span className="sub">
            {node.kindTitle}
            {node.account && `, ${t.accountName(node)}`}
          </span>
        )}
        <span className="grow" />
        <button type="button" className="ib" aria-label="Close" onClick={onClose}>
          <Icon name="x" size="s" />
        </button>
      </div>
      <div className="exb" tabIndex={0} role="region" aria-label="How it is reached">
        {query.error ? (
          <Failure error={query.error} onRetry={() => query.refetch()} />
        ) : query.isPending ? (
          <Skeleton rows={6} height={40} />
        ) : node?.endpoint && query.data ? (
          <Body node={node} endpoint={node.endpoint} reach={query.data.reach} />
        ) : (
          <Empty title="This endpoint is not in this snapshot." />
        )}
      </div>
    </aside>
  );
}

function Body(props: {
  node: EndpointNode;
  endpoint: NonNullable<EndpointNode["endpoint"]>;
  reach: ReachData;
}) {
  const { node, endpoint, reach } = props;
  const url = useUrl();
  const chain = reach.chain.length > 0 ? reach.chain : endpoint.chain;
  return (
    <>
      <p className="say">{verdict(node.name, endpoint, reach)}</p>
      <dl className="parts">
        <Part title="Network" verdict={reach.network.verdict} />
        {reach.service && <Part title="Service policy" verdict={reach.service.verdict} />}
        <div>
          <dt>Class</dt>
          <dd>
            {EXPOSURE[endpoint.class].word}, by {LAYER[endpoint.layer]}
          </dd>
        </div>
      </dl>
      {reach.blockedBy && (
        <div className="blk">
          <p>
            <b>Stopped at {reach.blockedBy.element.name}:</b> {reach.blockedBy.why}
          </p>
          {reach.blockedBy.rule && <p className="m2">{reach.blockedBy.rule}</p>}
          {reach.opens && <p className="m2">The smallest change that would open it: {reach.opens}</p>}
        </div>
      )}
      {chain.length > 0 && (
        <>
          <h3>From the internet, hop by hop</h3>
          <HopList hops={chain} />
        </>
      )}
      {endpoint.ranges.length > 0 && (
        <>
          <h3>What arrives</h3>
          <table className="rng">
            <thead>
              <tr>
                <th scope="col">Port</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {endpoint.ranges.map((range) => (
                <tr key={`${range.protocol}:${range.ports}:${range.sources[0]}`}>
                  <td>{ports([range])}</td>
                  <td className="m2" title={range.sources.join(", ")}>
                    {range.sources.slice(0, 4).join(", ")}
                    {range.sources.length > 4 && ` and ${range.sources.length - 4} more`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {[...endpoint.assumed, ...reach.missing].length > 0 && (
        <>
          <h3>What it rests on</h3>
          <ul className="m2">
            {endpoint.assumed.map((text) => (
              <li key={text}>Taken for granted: {text}</li>
            ))}
            {reach.missing.map((text) => (
              <li key={text}>Not seen: {text}</li>
            ))}
          </ul>
        </>
      )}
      <h3>What sits behind it</h3>
      {endpoint.behind.length > 0 ? (
        <>
          <p>
            <Link className="textlink" href={url.href("/paths", { f: `through:${node.id}` })}>
              {n.plural(endpoint.onPaths, "path family", "path families")}
            </Link>{" "}
            <span className="m2">through it lead to</span>
          </p>
          <ul className="bhl">
            {endpoint.behind.map((asset) => (
              <li key={asset.id}>
                <Link className="name" href={url.href("/data", { sel: asset.id })}>
                  <KindIcon kind={asset.kind} size="s" />
                  <span>{asset.name}</span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="m2">No path to a critical asset was seen through it.</p>
      )}
    </>
  );
}

function verdict(name: string, endpoint: { class: keyof typeof EXPOSURE }, reach: ReachData) {
  if (reach.verdict === "reachable") {
    return (
      <>
        <b>A packet from the internet arrives at {name}.</b>{" "}
        {reach.service?.verdict === "reachable" && "Its policy lets the call pass."}
      </>
    );
  }
  if (reach.verdict === "unknown") {
    return (
      <>
        <b>Not known.</b> Something that decides was not read.
      </>
    );
  }
  const service = reach.network.verdict === "reachable" && reach.service?.verdict === "blocked";
  return (
    <>
      <b>Nothing from the internet {service ? "gets past its policy" : "arrives"}.</b>{" "}
      {service && "The network lets packets through."}
      {!service && endpoint.class === "internal" && "It answers inside the estate."}
    </>
  );
}

function Part({ title, verdict: value }: { title: string; verdict: "reachable" | "blocked" | "unknown" }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd className="name">
        <Icon name={{ reachable: "check", blocked: "ban", unknown: "gap" }[value]} size="s" />
        <span>{value === "reachable" ? "open" : value}</span>
      </dd>
    </div>
  );
}
