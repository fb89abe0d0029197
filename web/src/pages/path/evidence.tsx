import { useState } from "react";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { Icon } from "../../ui/icon";
import { useWide } from "../../ui/media";
import { type DocumentOf, DocumentView } from "./document";
import type { EvidenceData, StepData } from "./queries";

/** Verdict in a sentence, then the documents and lines that decided. */
export function StepEvidence({ step }: { step: StepData }) {
  const documents = byDocument(step.evidence);
  const facts = step.evidence.filter((evidence) => !evidence.document || !evidence.lines);
  const ids = idsOf(step);
  return (
    <section className="evs" aria-label={`Evidence of step ${step.number}`}>
      <div className="dh">
        <span className="no on">{step.number}</span>
        <h2>{step.name}</h2>
        <span className="m s12 el">{flow(step)}</span>
      </div>
      <div className="ev">
        <p className="say">
          <b>{VERDICT[step.status]}</b> {step.title}
          {/[.!?]$/.test(step.title) ? "" : "."} {settled(step)}
        </p>
        {documents.length > 2 ? (
          <EvidenceList key={step.id} evidence={step.evidence} documents={documents} ids={ids} />
        ) : (
          <>
            {facts.length > 0 && <Facts facts={facts} />}
            {documents.length > 0 && <Documents key={step.id} documents={documents} ids={ids} />}
            {step.evidence.length === 0 && <p className="m">{nothing(step)}</p>}
          </>
        )}
      </div>
    </section>
  );
}

function nothing(step: StepData): string {
  if (step.status === "unknown") return "What would decide this step was not read: see Coverage beside this.";
  return "No document decides this step: it follows from what the attacker already holds.";
}

const VERDICT = { decided: "Holds.", conditional: "Holds under conditions.", unknown: "Not known." } as const;

function flow(step: StepData): string {
  const from = [...new Set(step.premises.map((state) => state.node.name))];
  return `${from.length > 0 ? `${t.list(from)} → ` : ""}${step.conclusion.node.name}`;
}

/** What was looked at and did not stand in the way, in one sentence. */
function settled(step: StepData): string {
  const open = step.checks.filter((check) => check.outcome !== "pass").map((check) => check.name);
  if (open.length > 0) return `Open: ${t.list(open)}.`;
  if (step.checks.length === 0) return "";
  return step.checks.length === 1 ? "" : `${n.plural(step.checks.length, "check")}, all of them hold.`;
}

function idsOf(step: StepData): string[] {
  return [...step.premises, step.conclusion].map((state) => state.node.id);
}

function byDocument(evidence: readonly EvidenceData[]): DocumentOf[] {
  const out = new Map<string, DocumentOf>();
  for (const one of evidence) {
    if (!one.document || !one.lines) continue;
    const old = out.get(one.document);
    if (old) old.evidence.push(one);
    else
      out.set(one.document, { document: one.document, title: one.title, of: one.node.name, evidence: [one] });
  }
  return [...out.values()];
}

/** Facts that are no lines of a document: absences, properties, hops. */
function Facts({ facts }: { facts: readonly EvidenceData[] }) {
  return (
    <ol className="facts">
      {facts.map((fact, index) => (
        <li key={`${fact.node.id}:${fact.pointer}:${index}`}>
          <span className="b el" title={fact.node.id}>
            {t.middle(fact.node.name, 30)}
          </span>
          <span className="m2">{fact.text}</span>
          <span className="m s12 el" title={fact.call}>
            {fact.readAt ? `${t.moment(fact.readAt)}, ` : ""}
            {fact.call}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Many facts: all of them in the order that decided, beside the document of one. */
function EvidenceList(props: {
  evidence: readonly EvidenceData[];
  documents: readonly DocumentOf[];
  ids: readonly string[];
}) {
  const { evidence, documents, ids } = props;
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      evidence.findIndex((one) => one.document),
    ),
  );
  const shown = evidence[at];
  const document = documents.find((one) => one.document === shown?.document);
  return (
    <div className="evl">
      <ol>
        {evidence.map((one, index) => (
          <li key={`${one.node.id}:${one.pointer}:${index}`} className={index === at ? "on" : undefined}>
            <button type="button" aria-pressed={index === at} onClick={() => setAt(index)}>
              <b className="el">
                {one.title} <span className="m">{t.middle(one.node.name, 26)}</span>
              </b>
              <span className="m2">{one.text}</span>
            </button>
          </li>
        ))}
      </ol>
      {document && shown ? (
        <DocumentView key={document.document} of={document} ids={ids} focus={shown.lines?.[0]} />
      ) : (
        <div className="doc">
          <p className="pad m2">{shown?.text}</p>
          <footer>
            {shown?.readAt && `read ${t.moment(shown.readAt)}, `}
            {shown?.call}
          </footer>
        </div>
      )}
    </div>
  );
}

/** Two side by side where there is room, else one at a time with tabs. */
function Documents({ documents, ids }: { documents: readonly DocumentOf[]; ids: readonly string[] }) {
  const wide = useWide(1400);
  const room = wide ? 2 : 1;
  const [at, setAt] = useState(0);
  const start = Math.min(at, Math.max(0, documents.length - room));
  const shown = documents.slice(start, start + room);
  return (
    <>
      {documents.length > room && (
        <div className="tabs" role="group" aria-label="Documents of this step">
          {documents.map((document, index) => (
            <button
              key={document.document}
              type="button"
              aria-pressed={index >= start && index < start + room}
              onClick={() => setAt(index)}
            >
              <Icon name="file" size="xs" />
              {document.title} <span className="m">{t.middle(document.of, 18)}</span>
            </button>
          ))}
        </div>
      )}
      <div className={shown.length > 1 ? "docs two" : "docs"}>
        {shown.map((document) => (
          <DocumentView key={document.document} of={document} ids={ids} />
        ))}
      </div>
    </>
  );
}
