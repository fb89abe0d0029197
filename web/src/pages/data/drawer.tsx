import "@mantine/core/styles/Drawer.css";
import { Drawer } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { request } from "../../api/client";
import { readAction } from "../../format/kinds";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { AT_REST, LABEL_SOURCE, OUTCOME, TASK } from "../../format/words";
import { useEstate } from "../../frame/estate";
import { CopyButton } from "../../ui/controls";
import { Icon, KindIcon } from "../../ui/icon";
import { ConfidenceBars, LabelTag, RiskNumber } from "../../ui/marks";
import { Empty, Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { BestPathChain } from "../paths/chain";
import { AnswerCell, ExposureMark, evidenceText } from "./columns";
import { type DatastoreDetail, DatastoreQuery, MarkMutation } from "./queries";

/** One datastore: what was found where, who gets at it, the paths to it. */
export function DataDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const snapshot = useSnapshot();
  const query = useQuery({
    queryKey: ["datastore", id, snapshot],
    queryFn: ({ signal }) => request(DatastoreQuery, { id: id ?? "", snapshot }, signal),
    enabled: id !== null,
    placeholderData: undefined,
  });
  const data = query.data?.datastore;
  return (
    <Drawer.Root
      opened={id !== null}
      onClose={onClose}
      position="right"
      size={560}
      classNames={{ body: "drw", title: "drt" }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <div className="drh">
          <Drawer.Title>{data ? <Title data={data} /> : "Datastore"}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>
          {query.error ? (
            <Failure error={query.error} onRetry={() => query.refetch()} />
          ) : query.isPending ? (
            <Skeleton rows={10} />
          ) : data ? (
            <Detail data={data} />
          ) : (
            <Empty title="This datastore is not in this snapshot." />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Title({ data }: { data: DatastoreDetail }) {
  return (
    <span className="name">
      <KindIcon kind={data.node.kind} />
      <span className="nm">
        <b>{t.middle(data.node.name, 44)}</b>
        <em>
          {data.node.kindTitle}
          {data.node.account && `, ${t.accountName(data.node)}`}
          {data.node.region && `, ${data.node.region}`}
        </em>
      </span>
    </span>
  );
}

function Detail({ data }: { data: DatastoreDetail }) {
  const url = useUrl();
  const action = readAction(data.node.kind);
  return (
    <>
      <div className="idl">
        <code className="el" title={data.id}>
          {data.id}
        </code>
        <CopyButton className="ib" text={() => data.id} label="Copy id">
          <Icon name="copy" size="s" />
        </CopyButton>
      </div>
      <dl className="props">
        <Prop name="Label">
          <LabelTag label={data.label} />{" "}
          <span className="m">
            {LABEL_SOURCE[data.source].toLowerCase()}
            {data.sourceDetail && `: ${data.sourceDetail}`}
          </span>
        </Prop>
        <Prop name="Critical asset">{data.critical ? "yes" : "no"}</Prop>
        <Prop name="Risk">
          <AnswerCell row={data} />
          {data.answer === "reached" && !n.isExact(data.risk, n.risk) && (
            <span className="m s12"> {n.riskInterval(data.risk.lower, data.risk.upper)}</span>
          )}
        </Prop>
        <Prop name="Exposure">
          <ExposureMark value={data.exposure} />
        </Prop>
        <Prop name="Encryption">
          {AT_REST[data.encryption.atRest] ?? data.encryption.atRest} at rest, {data.encryption.inTransit} in
          transit
          {data.encryption.key && <span className="m"> ({t.middle(data.encryption.key, 34)})</span>}
        </Prop>
        <Prop name="Evidence">
          {evidenceText(data)}
          {data.bytes !== null && <span className="m">, {n.bytes(data.bytes)} in all</span>}
          {data.unreadable > 0 && (
            <span className="m">, {n.plural(data.unreadable, "object")} unreadable</span>
          )}
        </Prop>
        {data.bound && (
          <Prop name="Bound">
            {data.bound.share === 0
              ? "every object was read: what was not seen is not there"
              : `what was not seen is in ${n.shareBound(data.bound.share)} of objects, at ${Math.round(data.bound.confidence * 100)} %`}
          </Prop>
        )}
        {data.regimes.length > 0 && <Prop name="Regimes">{data.regimes.join(", ")}</Prop>}
      </dl>
      <Mark data={data} />

      <h3>Sensitive types</h3>
      {data.types.length > 0 ? (
        <ul className="rows">
          {data.types.map((type) => (
            <li key={type.type}>
              <span className="b">{type.name}</span>
              <ConfidenceBars value={type.confidence} />
              <span className="m2">{n.plural(type.objects, "object")}</span>
              <span className="m r">
                {type.share?.length === 2 && n.share(type.share[0] as number, type.share[1] as number)}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="m2">{SEEN[data.source]}</p>
      )}
      {data.sampled.length > 0 && (
        <details>
          <summary>
            Where, in {n.plural(data.sampled.length, "sampled object")}; values are never kept
          </summary>
          <ul className="places">
            {data.sampled.map((place, index) => (
              <li key={`${place.object}:${index}`}>
                <code>{place.object}</code>
                <span className="m">
                  {place.location}: {place.types.join(", ")}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}

      <h3>Access, before any attack</h3>
      <p className="m2">
        {data.access.anonymous && <b className="up">Anyone may read it. </b>}
        {accessText("read", data.access.read)}, {accessText("write", data.access.write)},{" "}
        {accessText("administer", data.access.administer)}.{" "}
        {action && (
          <Link className="textlink" href={url.href("/ask", { form: "who", action, resource: data.id })}>
            Who can {action}
          </Link>
        )}
      </p>
      {data.violations.map((violation) => (
        <p key={violation.what} className="high">
          {violation.what}
        </p>
      ))}

      <h3>Paths to it</h3>
      {data.attackPaths.length > 0 ? (
        <ul className="rows paths">
          {data.attackPaths.map((path) => (
            <li key={path.id}>
              <RiskNumber level={path.level} value={path.risk.value} />
              <Link
                className="rowlink"
                href={url.href(`/paths/${encodeURIComponent(path.id)}`)}
                title={path.title}
              >
                <BestPathChain family={path} />
                <span className="vh">: {path.title}</span>
              </Link>
              <span className="m">{OUTCOME[path.outcome]}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="m2">
          {data.answer === "unknown"
            ? "Unknown: a path exists if what was not read is permissive."
            : "No path seen, with the coverage of this snapshot."}
        </p>
      )}
      {data.gaps.length > 0 && (
        <>
          <h3>Not seen</h3>
          <ul className="m2">
            {data.gaps.map((gap) => (
              <li key={gap.id}>
                <Link className="textlink" href={url.href("/coverage", { f: `service:${gap.service}` })}>
                  {gap.service} {gap.operation}
                </Link>{" "}
                {TASK[gap.outcome]} in {t.accountName(gap)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const SEEN = {
  none: "Not read: it may be sensitive.",
  scan: "No sensitive type seen.",
  catalogue: "The catalogue names none.",
  declared: "Not sampled: the label was set by hand.",
  assumed: "Not sampled: the label is assumed from name or tags.",
} as const;

function accessText(verb: string, value: number | null): string {
  return value === null ? `unknown how many may ${verb}` : `${n.plural(value, "principal")} may ${verb}`;
}

function Prop({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Marks by hand are kept over rescans. Absent for viewers. */
function Mark({ data }: { data: DatastoreDetail }) {
  const estate = useEstate();
  const client = useQueryClient();
  const mark = useMutation({
    mutationFn: (change: { label?: string; critical?: boolean; clear?: boolean }) =>
      request(MarkMutation, { input: { id: data.id, ...change } }),
    onSuccess: () => client.invalidateQueries(),
  });
  if (estate.data?.server.role !== "editor") return null;
  return (
    <div className="mark">
      <label>
        <span className="m s12">Label by hand</span>
        <select
          className="field"
          value={data.source === "declared" ? (data.label?.name ?? "") : ""}
          disabled={mark.isPending}
          onChange={(event) =>
            mark.mutate(event.currentTarget.value ? { label: event.currentTarget.value } : { clear: true })
          }
        >
          <option value="">none, as found</option>
          {estate.data.estate.labels.map((label) => (
            <option key={label.name}>{label.name}</option>
          ))}
        </select>
      </label>
      {!data.critical && (
        <button
          type="button"
          className="btn"
          disabled={mark.isPending}
          onClick={() => mark.mutate({ critical: true })}
        >
          <Icon name="crown" size="s" />
          Mark as critical asset
        </button>
      )}
      {data.source === "declared" && (
        <button
          type="button"
          className="btn"
          disabled={mark.isPending}
          onClick={() => mark.mutate({ clear: true })}
        >
          Clear marks
        </button>
      )}
      {mark.error && <p className="high s12">{mark.error.message}</p>}
    </div>
  );
}
