import "./flow.css";
import {
  type Edge,
  type EdgeProps,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useKeys } from "../../frame/keys";
import { Icon } from "../../ui/icon";
import { neighbour } from "./arrows";
import type { EdgeLine, Layout } from "./boxes";
import { PathMap } from "./map";
import { BandNode, type CanvasData, CardNode, ChipNode, GateNode } from "./nodes";
import { headOf, pathOf } from "./route";

const NODE_TYPES = { card: CardNode, chip: ChipNode, gate: GateNode, band: BandNode };
const EDGE_TYPES = { line: LineEdge };
/** The words React Flow would say speak of moving and deleting; here nothing moves. */
const ARIA = {
  "node.a11yDescription.default": "",
  "node.a11yDescription.keyboardDisabled": "",
  "edge.a11yDescription.default": "",
};
const PAD = 12;
const LEAST_ZOOM = 0.8;

export interface CanvasProps {
  layout: Layout;
  title: string;
  selected: string | null;
  alike: (nodeId: string) => number;
  /** Words of the choke point at a node, where one is marked. */
  choke: (nodeId: string) => string | null;
  onStep: (id: string) => void;
}

/** The picture of one path. One tab stop; arrows follow the edges. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ layout, title, selected, alike, choke, onStep }: CanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const { nodes, edges } = useMemo(
    () => toFlow(layout, selected, alike, choke, onStep),
    [layout, selected, alike, choke, onStep],
  );
  const onKeyDown = (event: React.KeyboardEvent) => {
    const here = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-item]")?.dataset
      .item;
    if (!here || !event.key.startsWith("Arrow")) return;
    const next = neighbour(layout, here, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    host.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(next)}"]`)?.focus();
  };
  return (
    <div
      className="cvs"
      ref={host}
      role="group"
      aria-label={`Attack path graph, left to right: ${title}. The outline view has the same in text.`}
      onKeyDown={onKeyDown}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        minZoom={0.3}
        maxZoom={2}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        onlyRenderVisibleElements={layout.cards.length > 60}
        ariaLabelConfig={ARIA}
        proOptions={{ hideAttribution: true }}
      >
        <View layout={layout} selected={selected} />
      </ReactFlow>
    </div>
  );
}

/** Fits down to 80 %, below that starts at the selected step and shows a map. */
function View({ layout, selected }: { layout: Layout; selected: string | null }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const x = useStore((state) => state.transform[0]);
  const y = useStore((state) => state.transform[1]);
  const zoom = useStore((state) => state.transform[2]);
  const whole = Math.min((width - 2 * PAD) / layout.width, (height - 2 * PAD) / layout.height);
  const overflow = whole < LEAST_ZOOM;

  const fitPicture = useCallback(() => {
    if (width === 0 || height === 0) return;
    const next = Math.max(LEAST_ZOOM, Math.min(1, whole));
    const chip = layout.chips.find((one) => one.step.id === selected);
    const start = (space: number, size: number, at: number | undefined) => {
      const free = space - size * next;
      if (free >= 2 * PAD || at === undefined) return Math.max(free / 2, PAD);
      // Keep the selected step in view, and no empty space beside the picture.
      return Math.min(PAD, Math.max(space - size * next - PAD, space / 2 - at * next));
    };
    void flow.setViewport({
      x: start(width, layout.width, chip && chip.x + chip.width / 2),
      y: start(height, layout.height, chip && chip.y + chip.height / 2),
      zoom: next,
    });
  }, [flow, layout, width, height, whole, selected]);

  const fitted = useRef<string>("");
  useEffect(() => {
    const key = `${width}x${height}:${layout.width}x${layout.height}:${layout.cards[0]?.id}:${overflow ? selected : ""}`;
    if (fitted.current === key) return;
    fitted.current = key;
    fitPicture();
  }, [fitPicture, width, height, layout, selected, overflow]);
  useKeys([{ keys: "0", title: "Fit the picture", run: fitPicture }]);
  return (
    <>
      <div className="ctl">
        <div className="seg">
          <button type="button" aria-label="Zoom out" onClick={() => flow.zoomOut({ duration: 0 })}>
            <Icon name="minus" size="s" />
          </button>
          <span>{Math.round(zoom * 100)} %</span>
          <button type="button" aria-label="Zoom in" onClick={() => flow.zoomIn({ duration: 0 })}>
            <Icon name="plus" size="s" />
          </button>
          <button type="button" aria-label="Fit the picture" onClick={fitPicture}>
            <Icon name="fit" size="s" />
          </button>
        </div>
      </div>
      {overflow && (
        <PathMap
          layout={layout}
          shown={{ x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }}
          onGo={(toX, toY) => void flow.setCenter(toX, toY, { zoom, duration: 0 })}
        />
      )}
    </>
  );
}

function toFlow(
  layout: Layout,
  selected: string | null,
  alike: (nodeId: string) => number,
  choke: (nodeId: string) => string | null,
  onStep: (id: string) => void,
): { nodes: Node[]; edges: Edge[] } {
  const shown = layout.chips.some((chip) => chip.step.id === selected)
    ? selected
    : (layout.chips[0]?.step.id ?? null);
  const node = (
    type: string,
    id: string,
    box:
      | Layout["cards"][number]
      | Layout["bands"][number]
      | Layout["chips"][number]
      | Layout["gates"][number],
    zIndex: number,
    data: CanvasData,
  ): Node => ({
    id,
    type,
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    initialWidth: box.width,
    initialHeight: box.height,
    zIndex,
    data: data as unknown as Record<string, unknown>,
    focusable: false,
    draggable: false,
    selectable: false,
  });
  const total = layout.chips.length;
  const nodes = [
    ...layout.bands.map((band) => node("band", `band:${band.account}`, band, 0, { type: "band", band })),
    ...layout.cards.map((card) =>
      node("card", card.id, card, 2, {
        type: "card",
        card,
        alike: alike(card.node.id),
        choke: card.target || card.state === null ? null : choke(card.node.id),
        step: layout.chips.find((chip) => chip.step.conclusion.id === card.id)?.step.number ?? null,
        total,
        focused: layout.chips.some(
          (chip) => chip.step.id === selected && chip.step.conclusion.id === card.id,
        ),
      }),
    ),
    ...layout.gates.map((gate) => node("gate", gate.id, gate, 2, { type: "gate", gate })),
    ...layout.chips.map((chip) =>
      node("chip", chip.id, chip, 3, {
        type: "chip",
        chip,
        on: chip.step.id === selected,
        tabStop: chip.step.id === shown,
        onStep,
      }),
    ),
  ];
  const edges = layout.edges.map((edge) => ({
    id: edge.id,
    type: "line",
    source: edge.source,
    target: edge.target,
    zIndex: 1,
    focusable: false,
    data: { edge, on: edge.step !== null && edge.step.id === selected },
  }));
  return { nodes, edges };
}

/** Solid: decided. Dashed: conditional. Hatched: rests on a gap. */
function LineEdge({ data }: EdgeProps) {
  const { edge, on } = data as { edge: EdgeLine; on: boolean };
  const status = edge.step?.status ?? "decided";
  return (
    <g className={`e ${status}${on ? " on" : ""}`}>
      <path d={pathOf(edge.points)} />
      <path className="head" d={headOf(edge.points)} />
    </g>
  );
}
