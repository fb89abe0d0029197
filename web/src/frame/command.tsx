import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { request } from "../api/client";
import { graphql, type ResultOf } from "../api/graphql";
import * as t from "../format/text";
import { Icon, KindIcon } from "../ui/icon";
import { Failure } from "../ui/states";
import { useSnapshot } from "../url/snapshot";
import { type UrlState, useUrl } from "../url/state";
import { PAGES } from "./nav";

const SearchQuery = graphql(`
  query Search($prefix: String!, $kinds: [SearchKind!], $snapshot: ID) {
    search(prefix: $prefix, kinds: $kinds, first: 12, snapshot: $snapshot) {
      kind
      id
      title
      detail
      node { id kind kindTitle name account accountName datastore { id } endpoint { id } }
    }
  }
`);

type Hit = ResultOf<typeof SearchQuery>["search"][number];
type Kind = Hit["kind"];

interface Choice {
  key: string;
  group: string;
  title: string;
  detail?: string;
  icon?: string;
  nodeKind?: string;
  /** Null where no page exists for it: shown, not opened. */
  href: string | null;
}

const GROUP: Record<Kind, string> = {
  principal: "Principals",
  datastore: "Datastores",
  node: "Nodes",
  attackPath: "Attack paths",
  finding: "Findings",
  fix: "Fixes",
};

/** One input over nodes, families, pages and questions. */
export function CommandBox({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal.Root
      opened={open}
      onClose={onClose}
      size={620}
      yOffset="10vh"
      padding={0}
      classNames={{ content: "cmd" }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search or run a command">
        {open && <CommandInput onClose={onClose} />}
      </Modal.Content>
    </Modal.Root>
  );
}

function CommandInput({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const url = useUrl();
  const snapshot = useSnapshot();
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const { kinds, term } = useMemo(() => readPrefix(text), [text]);
  const settled = useSettled(term, 60);
  const search = useQuery({
    queryKey: ["search", settled, kinds, snapshot],
    queryFn: ({ signal }) => request(SearchQuery, { prefix: settled, kinds, snapshot }, signal),
    enabled: settled !== "" && !text.startsWith("?") && !text.startsWith(">"),
    placeholderData: (previous) => previous,
  });
  const choices = useMemo(
    () => collect(text, term, search.data?.search ?? [], url),
    [text, term, search.data, url],
  );
  const at = Math.min(active, choices.length - 1);

  const go = (choice: Choice | undefined, newTab: boolean) => {
    if (!choice?.href) return;
    if (newTab) window.open(choice.href, "_blank", "noopener");
    else navigate(choice.href);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(at + 1, choices.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(at - 1, 0));
    else if (event.key === "Enter") go(choices[at], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });
  return (
    <>
      <div className="cmdq">
        <Icon name="search" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={choices[at] ? `${listId}-${at}` : undefined}
          aria-label="Search or run a command"
          placeholder="Name, id, page; @ principal, # datastore, ? question"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      {search.error && <Failure error={search.error} onRetry={() => search.refetch()} />}
      <ul id={listId} ref={list} role="listbox" aria-label="Results" className="cmdl" tabIndex={-1}>
        {choices.map((choice, index) => (
          <li
            key={choice.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={choice.href === null}
            data-group={choices[index - 1]?.group === choice.group ? undefined : choice.group}
            onMouseMove={() => setActive(index)}
            onClick={(event) => go(choice, event.ctrlKey || event.metaKey)}
          >
            {choice.nodeKind ? <KindIcon kind={choice.nodeKind} /> : <Icon name={choice.icon ?? "right"} />}
            <span className="el">{choice.title}</span>
            <span className="m s12 el">{choice.detail}</span>
          </li>
        ))}
        {choices.length === 0 && !search.isFetching && (
          <li className="none m" role="option" aria-selected="false" aria-disabled="true">
            {term === "" ? "Type a name" : `No name or id with a word that starts with “${term}”.`}
          </li>
        )}
      </ul>
    </>
  );
}

function readPrefix(text: string): { kinds: Kind[] | null; term: string } {
  const term = text.replace(/^[@#?>]\s*/, "").trim();
  if (text.startsWith("@")) return { kinds: ["principal"], term };
  if (text.startsWith("#")) return { kinds: ["datastore"], term };
  return { kinds: null, term };
}

function collect(text: string, term: string, hits: readonly Hit[], url: UrlState): Choice[] {
  if (text.startsWith("?")) return questions(term, url);
  const word = term.toLowerCase();
  const pages = PAGES.filter((page) => page.title.toLowerCase().includes(word)).map((page) => ({
    key: page.path,
    group: "Pages",
    title: page.title,
    detail: `g ${page.key}`,
    icon: page.icon,
    href: url.href(page.path),
  }));
  if (text.startsWith(">") || term === "") return text.startsWith("@") || text.startsWith("#") ? [] : pages;
  const found = hits.map((hit) => ({
    key: `${hit.kind}:${hit.id}`,
    group: GROUP[hit.kind],
    title: hit.title,
    detail:
      hit.detail ??
      (hit.node ? [hit.node.kindTitle, t.accountName(hit.node)].filter(Boolean).join(", ") : undefined),
    icon: { fix: "fix", finding: "findings", attackPath: "paths" }[hit.kind as string] ?? "right",
    nodeKind: hit.node?.kind,
    href: hrefOf(hit, url),
  }));
  found.sort((a, b) => order(a.group, hits) - order(b.group, hits));
  return [...found, ...pages];
}

/** Groups stand in the order of their best hit. */
function order(group: string, hits: readonly Hit[]): number {
  return hits.findIndex((hit) => GROUP[hit.kind] === group);
}

function hrefOf(hit: Hit, url: UrlState): string | null {
  if (hit.kind === "attackPath") return url.href(`/paths/${encodeURIComponent(hit.id)}`);
  if (hit.node?.datastore) return url.href("/data", { sel: hit.node.datastore.id });
  if (hit.node?.endpoint) return url.href(`/exposure/${encodeURIComponent(hit.node.endpoint.id)}`);
  if (hit.kind === "principal") return url.href("/paths", { f: `through:${hit.id}` });
  return null;
}

/** `? who can s3:GetObject bucket`, `? can ROLE ACTION BUCKET`, `? does internet reach db on 5432`. */
function questions(term: string, url: UrlState): Choice[] {
  const words = term.replace(/\?$/, "").split(/\s+/).filter(Boolean);
  const lower = words.map((word) => word.toLowerCase());
  const make = (title: string, change: Record<string, string>): Choice => ({
    key: title,
    group: "Ask",
    title,
    icon: "search",
    href: url.href("/ask", change),
  });
  if (lower[0] === "who" && lower[1] === "can") {
    const [action = "", resource = ""] = words.slice(2);
    return [make(`Who can ${action || "…"} ${resource || "…"}`, { form: "who", action, resource })];
  }
  if (lower[0] === "can") {
    const [principal = "", action = "", resource = ""] = words.slice(1);
    return [
      make(`Can ${principal || "…"} ${action || "…"} ${resource || "…"}`, { principal, action, resource }),
    ];
  }
  if (lower[0] === "does") {
    const [from = "", , to = "", , port = ""] = words.slice(1);
    return [
      make(`Does ${from || "…"} reach ${to || "…"} on ${port || "any port"}`, {
        form: "reach",
        from,
        to,
        port,
      }),
    ];
  }
  return [
    make("Can … do … to …", {}),
    make("Who can … do to …", { form: "who" }),
    make("Does … reach … on …", { form: "reach" }),
  ];
}

function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
