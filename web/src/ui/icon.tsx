import { kindIcon, kindLetters } from "../format/kinds";
import sprite from "./icons.svg?raw";

/** The drawings of the whole app, once per page. */
export function IconSprite() {
  return (
    <div
      aria-hidden="true"
      style={{ position: "absolute", width: 0, height: 0, overflow: "hidden" }}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file, bundled
      dangerouslySetInnerHTML={{ __html: sprite }}
    />
  );
}

export interface IconProps {
  name: string;
  size?: "m" | "s" | "xs";
}

/** A drawing beside text that says the same; hidden from assistive technology. */
export function Icon({ name, size = "m" }: IconProps) {
  return (
    <svg className={size === "m" ? "i" : `i ${size}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The drawing of a node kind. */
export function KindIcon({ kind, size = "m" }: { kind: string; size?: "m" | "s" }) {
  const name = kindIcon(kind);
  if (name) return <Icon name={name} size={size} />;
  return (
    <svg className={size === "m" ? "i" : "i s"} viewBox="0 0 16 16" aria-hidden="true">
      <rect x="2.25" y="2.25" width="11.5" height="11.5" rx="2" />
      <text x="8" y="10.8" textAnchor="middle" fontSize="7.5" stroke="none" fill="currentColor">
        {kindLetters(kind)}
      </text>
    </svg>
  );
}
