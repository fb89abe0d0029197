import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { request } from "../../api/client";
import * as t from "../../format/text";
import { KindIcon } from "../../ui/icon";
import { useSnapshot } from "../../url/snapshot";
import { SlotQuery } from "./queries";

interface Suggestion {
  value: string;
  title: string;
  detail: string;
  kind?: string;
}

export interface SlotProps {
  label: string;
  placeholder: string;
  value: string;
  width: number;
  onChange: (value: string) => void;
  /** What the server completes; absent for free text. */
  kinds?: ("principal" | "datastore" | "node")[];
  /** Completions that need no server. */
  fixed?: readonly Suggestion[];
}

/** One blank of a question, with completion. Takes an id or a unique name. */
export function Slot(props: SlotProps) {
  const { label, placeholder, value, width, onChange, kinds, fixed = [] } = props;
  const listId = useId();
  const snapshot = useSnapshot();
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => setText(value), [value]);
  const search = useQuery({
    queryKey: ["slot", text, kinds, snapshot],
    queryFn: ({ signal }) => request(SlotQuery, { prefix: text.trim(), kinds, snapshot }, signal),
    enabled: open && kinds !== undefined && text.trim() !== "" && text !== value,
  });
  const word = text.trim().toLowerCase();
  const known = fixed.filter(
    (one) => one.value.toLowerCase().includes(word) || one.title.toLowerCase().includes(word),
  );
  const found =
    text === value || !kinds
      ? []
      : (search.data?.search ?? []).map((hit) => ({
          value: hit.node?.id ?? hit.id,
          title: hit.title,
          detail: hit.node
            ? [hit.node.kindTitle, t.accountName(hit.node)].filter(Boolean).join(", ")
            : (hit.detail ?? ""),
          kind: hit.node?.kind,
        }));
  const all: Suggestion[] = [...known, ...found].slice(0, 10);
  const shown = open && all.length > 0;
  const take = (next: string) => {
    setText(next);
    setOpen(false);
    setAt(-1);
    onChange(next.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") {
      setOpen(true);
      setAt(Math.min(at + 1, all.length - 1));
    } else if (event.key === "ArrowUp") setAt(Math.max(at - 1, -1));
    else if (event.key === "Enter") take(shown && at >= 0 ? (all[at]?.value ?? text) : text);
    else if (event.key === "Escape" && shown) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <span className="slot" style={{ width }}>
      <input
        className="field"
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${listId}-${at}` : undefined}
        placeholder={placeholder}
        value={text}
        title={text}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setAt(-1);
        }}
        onBlur={() => {
          setOpen(false);
          if (text !== value) onChange(text.trim());
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={label} hidden={!shown}>
        {all.map((one, index) => (
          <li
            key={one.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={(event) => {
              event.preventDefault();
              take(one.value);
            }}
          >
            {one.kind && <KindIcon kind={one.kind} size="s" />}
            <span className="el">{one.title}</span>
            <span className="m s12 el">{one.detail}</span>
          </li>
        ))}
      </ul>
    </span>
  );
}
