import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useEffect, useMemo, useRef } from "react";
import { request } from "../../api/client";
import { moment } from "../../format/text";
import { CopyButton } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { decidingLines } from "./deciding";
import { DocumentQuery, type EvidenceData } from "./queries";

export interface DocumentOf {
  document: string;
  title: string;
  of: string;
  evidence: EvidenceData[];
}

/** One raw document with the deciding lines marked by band and left bar. */
export function DocumentView({ of, ids, focus }: { of: DocumentOf; ids: readonly string[]; focus?: number }) {
  const snapshot = useSnapshot();
  const query = useQuery({
    queryKey: ["document", of.document, snapshot],
    queryFn: ({ signal }) => request(DocumentQuery, { id: of.document, snapshot }, signal),
    placeholderData: undefined,
  });
  const first = of.evidence[0];
  const pointers = of.evidence.map((e) => `${e.pointer}${e.sid ? ` “${e.sid}”` : ""}`).filter(Boolean);
  const document = query.data?.document;
  return (
    <article className="doc" aria-label={`${of.title} of ${of.of}`}>
      <header>
        <div>
          <b>{of.title}</b> <span className="m">of {of.of}</span>
        </div>
        <div className="s12 m" title={pointers.join(", ")}>
          {pointers.length > 0 ? `at ${pointers.join(", ")}` : "whole document"}
        </div>
        <CopyButton
          className="ib cp"
          text={() => `${of.document}#${first?.pointer ?? ""}`}
          label="Copy pointer"
        >
          <Icon name="copy" size="s" />
        </CopyButton>
      </header>
      {query.error ? (
        <Failure error={query.error} onRetry={() => query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={6} height={17} />
      ) : document ? (
        <Code
          text={document.text}
          evidence={of.evidence}
          ids={ids}
          focus={focus}
          label={`${of.title} of ${of.of}`}
        />
      ) : (
        <p className="pad m">This document is not part of the snapshot.</p>
      )}
      <footer>
        {document?.readAt || first?.readAt
          ? `read ${moment((document?.readAt ?? first?.readAt) as string)}, `
          : "from "}
        {document?.call ?? first?.call}
      </footer>
    </article>
  );
}

function Code(props: {
  text: string;
  evidence: readonly EvidenceData[];
  ids: readonly string[];
  focus?: number;
  label: string;
}) {
  const { text, evidence, ids } = props;
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.replace(/\n$/, "").split("\n"), [text]);
  const ranges = useMemo(
    () => evidence.flatMap((e) => (e.lines?.length === 2 ? [e.lines as [number, number]] : [])),
    [evidence],
  );
  const bold = useMemo(() => decidingLines(lines, ranges, ids), [lines, ranges, ids]);
  const first = props.focus ?? Math.min(...ranges.map((range) => range[0]));
  useEffect(() => {
    const line = box.current?.children[Math.max(0, (Number.isFinite(first) ? first : 1) - 4)] as
      | HTMLElement
      | undefined;
    if (line && box.current) box.current.scrollTop = line.offsetTop - box.current.offsetTop;
  }, [first]);
  return (
    <section className="code mono" ref={box} tabIndex={0} aria-label={props.label}>
      {lines.map((line, index) => {
        const number = index + 1;
        const marked = ranges.some(([from, to]) => number >= from && number <= to);
        const classes = [marked && "hi", bold.has(number) && "k"].filter(Boolean).join(" ");
        return (
          <div key={number} className={classes || undefined}>
            <s aria-hidden="true">{number}</s>
            <span>{paint(line)}</span>
            {marked && number === first && <span className="vh"> marked from here</span>}
          </div>
        );
      })}
    </section>
  );
}

/** Keys and strings of a line of JSON. */
function paint(line: string): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    const isKey = match[1] !== undefined;
    const literal = isKey ? match[0].slice(0, -(match[1]?.length ?? 0)) : match[0];
    if (match.index > at) parts.push(<Fragment key={at}>{line.slice(at, match.index)}</Fragment>);
    parts.push(isKey ? <i key={match.index}>{literal}</i> : <u key={match.index}>{literal}</u>);
    at = match.index + literal.length;
  }
  parts.push(<Fragment key={`${at}-end`}>{line.slice(at)}</Fragment>);
  return parts;
}
