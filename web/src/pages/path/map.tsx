import type { Box, Layout } from "./boxes";

const WIDTH = 168;

/** The whole picture in small, with a frame around what is shown; a click goes there. */
export function PathMap(props: { layout: Layout; shown: Box; onGo: (x: number, y: number) => void }) {
  const { layout, shown, onGo } = props;
  const pad = 40;
  const width = layout.width + 2 * pad;
  const height = layout.height + 2 * pad;
  return (
    <svg
      className="map"
      width={WIDTH}
      height={Math.max(36, Math.round((WIDTH * height) / width))}
      viewBox={`${-pad} ${-pad} ${width} ${height}`}
      aria-hidden="true"
      onClick={(event) => {
        const area = event.currentTarget.getBoundingClientRect();
        onGo(
          ((event.clientX - area.left) / area.width) * width - pad,
          ((event.clientY - area.top) / area.height) * height - pad,
        );
      }}
    >
      {layout.bands.map((band) => (
        <Rect key={band.account} box={band} className="mb" />
      ))}
      {layout.edges.map((edge) => (
        <polyline
          key={edge.id}
          className="me"
          points={edge.points.map((point) => point.join(",")).join(" ")}
        />
      ))}
      {[...layout.cards, ...layout.gates].map((box) => (
        <Rect key={box.id} box={box} className="mc" />
      ))}
      <Rect box={shown} className="mv" />
    </svg>
  );
}

function Rect({ box, className }: { box: Box; className: string }) {
  return <rect className={className} x={box.x} y={box.y} width={box.width} height={box.height} rx="12" />;
}
