import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RequestFailure, request } from "../../api/client";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { conditions, TASK } from "../../format/words";
import { CopyButton } from "../../ui/controls";
import { HopList } from "../../ui/hops";
import { Icon, KindIcon } from "../../ui/icon";
import { Announce, Empty, Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { ports } from "../exposure/exposure";
import {
  CanQuery,
  type DecisionData,
  type ReachAnswer,
  ReachQuery,
  type WhoCanData,
  WhoCanQuery,
} from "./queries";

/** The answer in one sentence, the deciding statements, what is missing. */
export function CanAnswer(props: { principal: string; action: string; resource: string }) {
  const { principal, action, resource } = props;
  const snapshot = useSnapshot();
  const asked = principal !== "" && action !== "" && resource !== "";
  const query = useQuery({
    queryKey: ["can", principal, action, resource, snapshot],
    queryFn: ({ signal }) => request(CanQuery, { principal, action, resource, snapshot }, signal),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  if (!asked) return <Hint>Fill the three blanks. Names complete while you type; an id works as well.</Hint>;
  return <Answer query={query}>{query.data && <Decision data={query.data.can} />}</Answer>;
}

function Decision({ data }: { data: DecisionData }) {
  const left = conditions(data.conditions);
  return (
    <>
      <Verdict value={data.decision} command={data.command}>
        <b>{VERDICT[data.decision]}</b> {sentence(data)}
      </Verdict>
      {left.length > 0 && <List title="Holds only if" items={left} join="or" />}
      <Reasons reasons={data.reasons} />
      {data.missing.length > 0 && (
        <List
          title={data.decision === "allow" ? "Not needed" : "What is missing for an allow"}
          items={data.missing}
        />
      )}
      {data.assumptions.length > 0 && <List title="Assumed" items={data.assumptions} />}
      <Gaps gaps={data.gaps} />
    </>
  );
}

const VERDICT = {
  allow: "Yes.",
  deny: "No.",
  conditional: "Only under conditions.",
  unknown: "Not known.",
} as const;

function sentence(data: DecisionData): string {
  const what = `${data.principal.name} ${data.decision === "deny" ? "may not" : "may"} do ${data.action} to ${t.middle(data.resource, 60)}${through(data.door)}`;
  if (data.decision === "deny")
    return `${what}: ${data.explicit ? "a statement denies it" : "nothing allows it"}.`;
  if (data.decision === "conditional") return `${what} if what stands below holds.`;
  if (data.decision === "unknown") return `Something that decides was not read.`;
  return `${what}.`;
}

/** The access point that an answer works through, if it is not the resource itself. */
function through(door: { name: string } | null): string {
  return door ? ` through the access point ${t.middle(door.name, 40)}` : "";
}

function Reasons({ reasons }: { reasons: DecisionData["reasons"] }) {
  if (reasons.length === 0) return null;
  return (
    <section>
      <h2>Deciding statements</h2>
      <table>
        <colgroup>
          <col style={{ width: 150 }} />
          <col style={{ width: 90 }} />
          <col style={{ width: 280 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Policy type</th>
            <th scope="col">Effect</th>
            <th scope="col">Document</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((reason, index) => (
            <tr key={`${reason.evidence.node.id}:${reason.evidence.pointer}:${index}`}>
              <td>{t.sentence(reason.policy)}</td>
              <td className={/deny/i.test(reason.effect) ? "up b" : "b"}>{t.sentence(reason.effect)}</td>
              <td>
                <span className="el blk2" title={reason.evidence.node.id}>
                  {reason.evidence.title} of {t.middle(reason.evidence.node.name, 24)}
                </span>
                <code className="m el blk2">
                  {reason.evidence.pointer}
                  {reason.evidence.sid && ` “${reason.evidence.sid}”`}
                </code>
              </td>
              <td className="m2 wrap">
                {reason.evidence.text}
                <span className="m s12 el blk2">
                  {reason.evidence.call}
                  {reason.evidence.readAt && `, read ${t.moment(reason.evidence.readAt)}`}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Everybody whose answer is not no. */
export function WhoCanAnswer({ action, resource }: { action: string; resource: string }) {
  const snapshot = useSnapshot();
  const asked = action !== "" && resource !== "";
  const query = useQuery({
    queryKey: ["whoCan", action, resource, snapshot],
    queryFn: ({ signal }) => request(WhoCanQuery, { action, resource, snapshot }, signal),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  if (!asked) return <Hint>Name an action and a resource. Names complete while you type.</Hint>;
  return <Answer query={query}>{query.data && <WhoCan data={query.data.whoCan} />}</Answer>;
}

function WhoCan({ data }: { data: WhoCanData }) {
  const sure = data.principals.filter((one) => one.decision === "allow").length;
  const maybe = data.principals.length - sure;
  return (
    <>
      <Verdict
        value={data.everyone ? "allow" : sure > 0 ? "allow" : maybe > 0 ? "conditional" : "deny"}
        command={data.command}
      >
        <b>{data.everyone ? "Everyone." : n.plural(sure, "principal")}</b>{" "}
        {data.everyone
          ? `${data.action} on ${t.middle(data.resource, 60)} is open to anyone, signed in or not.`
          : `may do ${data.action} to ${t.middle(data.resource, 60)}${maybe > 0 ? `, ${maybe} more under conditions or unknown` : ""}.`}
      </Verdict>
      {data.principals.length > 0 ? (
        <section>
          <h2>{n.plural(data.totalCount, "principal")}</h2>
          <table>
            <colgroup>
              <col style={{ width: 300 }} />
              <col style={{ width: 170 }} />
              <col style={{ width: 120 }} />
              <col />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Principal</th>
                <th scope="col">Account</th>
                <th scope="col">Answer</th>
                <th scope="col">Because</th>
              </tr>
            </thead>
            <tbody>
              {data.principals.map((one) => (
                <tr key={one.node.id}>
                  <td>
                    <span className="name" title={one.node.id}>
                      <KindIcon kind={one.node.kind} />
                      <span className="b">{t.middle(one.node.name, 34)}</span>
                    </span>
                  </td>
                  <td className="m2">{t.accountName(one.node)}</td>
                  <td>
                    {one.decision === "allow" ? "allow" : <span className="tag cond">? {one.decision}</span>}
                  </td>
                  <td className="m2 wrap">
                    {conditions(one.conditions).map((text) => (
                      <span key={text}>only if {text}; </span>
                    ))}
                    {one.door && <span title={one.door.id}>{through(one.door).trim()}; </span>}
                    {one.reasons
                      .map((reason) => reason.evidence.text || `${reason.policy}: ${reason.evidence.title}`)
                      .join("; ")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.totalCount > data.principals.length && (
            <p className="m s12">The first {data.principals.length} are shown; the command prints all.</p>
          )}
        </section>
      ) : (
        <p className="m2">Nobody whose policies were read may do it.</p>
      )}
      <Gaps gaps={data.gaps} />
    </>
  );
}

/** Does a packet arrive, and may the call pass. */
export function ReachAnswerView({ from, to, port }: { from: string; to: string; port: string }) {
  const snapshot = useSnapshot();
  const number = port === "" ? undefined : Number(port);
  const odd = number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 65535);
  const asked = from !== "" && to !== "" && !odd;
  const query = useQuery({
    queryKey: ["reach", from, to, number, snapshot],
    queryFn: ({ signal }) =>
      request(
        ReachQuery,
        { from, to, port: number, protocol: number === undefined ? undefined : "tcp", snapshot },
        signal,
      ),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  if (odd) return <Hint>A port is a number from 0 to 65535; leave it empty for any packet.</Hint>;
  if (!asked)
    return <Hint>Name where the packet starts and where it should arrive; ip:ADDRESS works too.</Hint>;
  return <Answer query={query}>{query.data && <Reach data={query.data.reach} port={number} />}</Answer>;
}

function Reach({ data, port }: { data: ReachAnswer; port: number | undefined }) {
  const on = port === undefined ? "" : ` on port ${port}`;
  const value = data.verdict === "reachable" ? "allow" : data.verdict === "blocked" ? "deny" : "unknown";
  const command = `cairn reach ${quote(data.from.id)} ${quote(data.to.id)}${port === undefined ? "" : ` --port ${port} --protocol tcp`}`;
  return (
    <>
      <Verdict value={value} command={command}>
        <b>{VERDICT[value]}</b>{" "}
        {data.verdict === "reachable" && `A packet from ${data.from.name} arrives at ${data.to.name}${on}.`}
        {data.verdict === "blocked" &&
          (data.blockedBy
            ? `${data.from.name} does not reach ${data.to.name}${on}: stopped at ${data.blockedBy.element.name}, ${data.blockedBy.why}`
            : `${data.from.name} does not reach ${data.to.name}${on}.`)}
        {data.verdict === "unknown" && "Something that decides was not read."}
      </Verdict>
      <p className="m2">
        Network: {data.network.verdict}
        {data.service ? `; service policy: ${data.service.verdict}` : ""}
        {data.ranges.length > 0 && `; open: ${ports(data.ranges)}`}
      </p>
      {data.opens && (
        <p className="m2">
          <b>The smallest change that would open it:</b> {data.opens}
        </p>
      )}
      {data.chain.length > 0 && (
        <section>
          <h2>Hop by hop</h2>
          <HopList hops={data.chain} />
        </section>
      )}
      {data.missing.length > 0 && <List title="Not seen" items={data.missing} />}
    </>
  );
}

function quote(id: string): string {
  return /^[\w:./@-]+$/.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`;
}

function Answer({
  query,
  children,
}: {
  query: { error: Error | null; isPending: boolean; refetch: () => unknown };
  children: ReactNode;
}) {
  if (query.error) {
    // A name that fits nothing, or several things, is the reader's to mend: say it as it is.
    const asked = query.error instanceof RequestFailure && query.error.code !== "UNREACHABLE";
    return (
      <div className="panel ans">
        {asked ? (
          <p role="alert" className="name high">
            <Icon name="warn" />
            <span className="wrap">{query.error.message}</span>
          </p>
        ) : (
          <Failure error={query.error} onRetry={() => query.refetch()} />
        )}
      </div>
    );
  }
  return <div className="panel ans">{query.isPending ? <Skeleton rows={4} /> : children}</div>;
}

function Verdict(props: {
  value: "allow" | "deny" | "conditional" | "unknown";
  command: string;
  children: ReactNode;
}) {
  const icon = { allow: "check", deny: "ban", conditional: "warn", unknown: "gap" }[props.value];
  return (
    <>
      <p className={`verdict v-${props.value}`}>
        <span className="vi">
          <Icon name={icon} />
        </span>
        <span>{props.children}</span>
      </p>
      <Announce text={props.value} />
      {props.command && (
        <div className="idl">
          <code className="el">{props.command}</code>
          <CopyButton className="ib" text={() => props.command} label="Copy command">
            <Icon name="copy" size="s" />
          </CopyButton>
        </div>
      )}
    </>
  );
}

function List({ title, items, join }: { title: string; items: readonly string[]; join?: string }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul className="bul">
        {items.map((text, index) => (
          <li key={text}>
            {join && index > 0 && <span className="m">{join} </span>}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Gaps({ gaps }: { gaps: DecisionData["gaps"] }) {
  if (gaps.length === 0) return null;
  const items = gaps.map(
    (gap) => `${gap.service} ${gap.operation}, ${TASK[gap.outcome]} in ${t.accountName(gap)}`,
  );
  return <List title="Not seen" items={items} />;
}

function Hint({ children }: { children: ReactNode }) {
  return (
    <div className="panel">
      <Empty title="Nothing is asked yet.">{children}</Empty>
    </div>
  );
}
