import * as t from "../format/text";
import { Icon, KindIcon } from "./icon";

interface Hop {
  element: { id: string; kind: string; kindTitle: string; name: string };
  rule: string;
  decision: string;
  evidence: { title: string; pointer: string; text: string; call: string; readAt: string | null } | null;
}

/** A way through the network, element by element, with the rule that decided at each. */
export function HopList({ hops }: { hops: readonly Hop[] }) {
  return (
    <ol className="hops">
      {hops.map((hop, index) => (
        <li key={`${hop.element.id}:${index}`} className={tone(hop.decision)}>
          <span className="hm">
            <Icon name={{ ok: "check", no: "ban", maybe: "gap" }[tone(hop.decision)]} size="xs" />
          </span>
          <span className="he">
            <KindIcon kind={hop.element.kind} size="s" />
            <b className="el" title={hop.element.id}>
              {t.middle(hop.element.name, 30)}
            </b>
            <span className="m s12">{hop.element.kindTitle}</span>
          </span>
          <span className="hr">
            {hop.rule}
            {hop.evidence && (
              <span className="m s12 el" title={`${hop.evidence.text} (${hop.evidence.call})`}>
                {hop.evidence.title}
                {hop.evidence.pointer && ` at ${hop.evidence.pointer}`}
                {hop.evidence.readAt && `, read ${t.moment(hop.evidence.readAt)}`}
              </span>
            )}
          </span>
          <span className="hd2">{hop.decision}</span>
        </li>
      ))}
    </ol>
  );
}

/** Whether the element lets through, stops, or is not known. */
function tone(decision: string): "ok" | "no" | "maybe" {
  if (/unknown|not read|missing/i.test(decision)) return "maybe";
  return /block|den|drop|no route|closed|refus|reject|none/i.test(decision) ? "no" : "ok";
}
