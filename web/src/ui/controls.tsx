import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { copyText } from "./copy";
import { Icon } from "./icon";

export interface SegmentOption<T extends string> {
  value: T;
  title: string;
  icon?: string;
}

/** A choice of few, all visible. */
export function Segments<T extends string>(props: {
  label: string;
  options: readonly SegmentOption<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div className="seg" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === props.value}
          onClick={() => props.onChange(option.value)}
        >
          {option.icon && <Icon name={option.icon} size="s" />}
          {option.title}
        </button>
      ))}
    </div>
  );
}

/** A button that says for a moment that it copied. */
export function CopyButton(props: {
  text: () => string;
  children: ReactNode;
  className?: string;
  label?: string;
}) {
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onClick = async () => {
    await copyText(props.text());
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 1600);
  };
  return (
    <button
      type="button"
      className={props.className ?? "btn"}
      aria-label={props.label}
      title={props.label}
      onClick={onClick}
    >
      {done ? <Icon name="check" size="s" /> : props.children}
      {done && <span className="vh">Copied</span>}
    </button>
  );
}
