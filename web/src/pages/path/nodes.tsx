import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { entryIcon, entryWord, SOURCE, SOURCE_TITLE } from "../../format/words";
import { Icon, KindIcon } from "../../ui/icon";
import { LabelTag } from "../../ui/marks";
import { Name } from "../../ui/name";
import type { Band, CardBox, ChipBox, GateBox } from "./boxes";

export type CanvasData =
  | {
      type: "card";
      card: CardBox;
      alike: number;
      step: number | null;
      total: number;
      focused: boolean;
      choke: string | null;
    }
  | { type: "gate"; gate: GateBox }
  | { type: "band"; band: Band }
  | { type: "chip"; chip: ChipBox; on: boolean; tabStop: boolean; onStep: (id: string) => void };

type Of<T extends CanvasData["type"]> = Extract<CanvasData, { type: T }>;

function dataOf<T extends CanvasData["type"]>(props: NodeProps): Of<T> {
  return props.data as unknown as Of<T>;
}

/** React Flow wants handles to draw an edge; the lines themselves come from layout. */
function Anchors() {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

/** A state: what it is, and what the attacker holds there. */
export const CardNode = memo(function CardNode(props: NodeProps) {
  const { card, alike, step, total, focused, choke } = dataOf<"card">(props);
  const reached = card.state?.kind === "reaches";
  const what = reached && card.state?.port ? `Port ${card.state.port}` : card.node.kindTitle;
  const kind = alike > 1 ? `${what} ×${alike}` : what;
  const held = card.starts
    ? entryWord(card.starts).toLowerCase()
    : card.state
      ? card.state.kind
      : "starts here";
  const name = card.word ? entryWord(card.word) : t.accountId(card.node.name);
  const spoken = [
    name,
    card.word ? card.node.name : card.node.kindTitle,
    card.node.account && `account ${t.accountName(card.node)}`,
    card.starts ? `entry point, ${held}` : card.state ? `attacker ${held}` : "entry point",
    choke && `choke point, ${choke}`,
    alike > 1 && `${alike} interchangeable`,
    step && `step ${step} of ${total}`,
  ].filter(Boolean);
  const classes = [
    "card",
    card.entry && "entry",
    card.target && "target",
    focused && "ring",
    choke && "chk",
  ].filter(Boolean);
  return (
    <div
      className={classes.join(" ")}
      data-item={card.id}
      role="img"
      tabIndex={-1}
      aria-label={spoken.join(", ")}
    >
      <Anchors />
      <span className="ki">
        {card.word ? (
          <Icon name={entryIcon(card.word)} />
        ) : reached ? (
          <Icon name="endpoint" />
        ) : (
          <KindIcon kind={card.node.kind} />
        )}
      </span>
      <span className="ct">
        <b className="el" title={name}>
          <Name of={name} tail={6} />
        </b>
        <span className="kd el">
          {card.word ? `of ${card.node.name}` : card.node.kind === "internet" ? "Anyone" : kind}
        </span>
      </span>
      <span className="stt el">
        {card.starts ? (
          <span className="at">starts here: </span>
        ) : (
          card.state && <span className="at">attacker </span>
        )}
        {held}
        {card.accountText && <span className="at"> in {card.accountText}</span>}
      </span>
      {choke && (
        <span className="bdg" aria-hidden="true">
          <Icon name="choke" size="s" />
          {choke}
        </span>
      )}
      {card.target && card.state?.label && (
        <span className="tl">
          <LabelTag label={card.state.label} />
        </span>
      )}
    </div>
  );
});

/** A step: number, technique, likelihood and where that comes from. */
export const ChipNode = memo(function ChipNode(props: NodeProps) {
  const { chip, on, tabStop, onStep } = dataOf<"chip">(props);
  const { step } = chip;
  const doubt =
    step.status === "decided" ? "" : step.status === "conditional" ? ", conditional" : ", unknown";
  const source = step.likelihood.source as keyof typeof SOURCE;
  return (
    <button
      type="button"
      className={`stp ${step.status}${on ? " on" : ""}`}
      data-item={chip.id}
      tabIndex={tabStop ? 0 : -1}
      aria-current={on ? "step" : undefined}
      title={SOURCE_TITLE[source]}
      onClick={() => onStep(step.id)}
    >
      <Anchors />
      <span className="no">
        <span className="vh">Step </span>
        {step.number}
      </span>
      <span className="el">
        <b className="el">
          {step.name}
          {step.status !== "decided" && " ?"}
        </b>
        <em>
          {step.status === "unknown"
            ? "not known"
            : `${n.likelihood(step.likelihood.value)} ${SOURCE[source]}`}
          <span className="vh">{doubt}</span>
        </em>
      </span>
    </button>
  );
});

/** All that enters is needed. */
export const GateNode = memo(function GateNode(props: NodeProps) {
  const { gate } = dataOf<"gate">(props);
  const many = gate.step.premises.length;
  return (
    <div
      className="and"
      data-item={gate.id}
      role="img"
      tabIndex={-1}
      aria-label={`Join: step ${gate.step.number} needs ${many === 2 ? "both" : `all ${many}`}`}
    >
      <Anchors />
      &amp;
      <span className={gate.fromBelow ? "andt above" : "andt"} aria-hidden="true">
        needs {many === 2 ? "both" : `all ${many}`}
      </span>
    </div>
  );
});

/** One account. */
export const BandNode = memo(function BandNode(props: NodeProps) {
  const { band } = dataOf<"band">(props);
  return (
    <div className="grp">
      <span className="el">
        {band.name} <em>{band.id}</em>
      </span>
    </div>
  );
});
