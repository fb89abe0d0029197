import { useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { RequestFailure } from "../api/client";
import * as n from "../format/numbers";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/icon";
import { Failure, Later, Skeleton } from "../ui/states";
import { usePin, useSnapshot } from "../url/snapshot";
import { useUrl } from "../url/state";
import { CommandBox } from "./command";
import { readShare, useEstate, usePinLatest, useSnapshots } from "./estate";
import { GetStarted } from "./getstarted";
import { type KeyBinding, keyboard, useKeys } from "./keys";
import { KeySheet } from "./keysheet";
import { Nav, PAGES } from "./nav";
import { SignIn } from "./signin";
import { SnapshotMenu } from "./snapshots";

const RAIL = "cairn.rail";

/** Top bar, navigation and the page between them. */
export function Frame({ children }: { children: ReactNode }) {
  const [location, navigate] = useLocation();
  const url = useUrl();
  usePinLatest();
  const snapshot = useSnapshot();
  const estate = useEstate();
  const none = useSnapshots().data?.snapshots.length === 0;
  const [command, setCommand] = useState(false);
  const [sheet, setSheet] = useState(false);
  const rail = useRail(location);
  const scheme = useScheme();
  const main = useRef<HTMLElement>(null);

  const bindings = useMemo<KeyBinding[]>(
    () => [
      { keys: "Ctrl k", title: "Search or run a command", run: () => setCommand(true), always: true },
      ...PAGES.map((page) => ({
        keys: `g ${page.key}`,
        title: page.title,
        run: () => navigate(url.href(page.path)),
      })),
      { keys: "[", title: "Narrow or widen the navigation", run: rail.toggle },
      {
        keys: "y",
        title: "Copy a link to what is shown",
        run: () => copyLink(estate.data?.estate.snapshot.id),
      },
      { keys: "?", title: "Keys of this page", run: () => setSheet(true) },
    ],
    [navigate, url, rail.toggle, estate.data],
  );
  useKeys(bindings);
  useEffect(() => {
    window.addEventListener("keydown", keyboard.handle);
    return () => window.removeEventListener("keydown", keyboard.handle);
  }, []);

  // The first snapshot has come.
  const { refetch } = estate;
  const hadNone = useRef(false);
  useEffect(() => {
    if (hadNone.current && !none) void refetch();
    hadNone.current = none;
  }, [none, refetch]);

  // A new page starts at its top: for readers of the screen as for everybody.
  const page = location.split("/")[1];
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    document.title = `${PAGES.find((p) => p.path === `/${page}`)?.title ?? "Overview"} - cairn`;
  }, [page]);

  if (estate.error instanceof RequestFailure && estate.error.code === "UNAUTHENTICATED") {
    return <SignIn onDone={() => estate.refetch()} />;
  }
  return (
    <div className={rail.on ? "app rail" : "app"}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Link className="brand" href={url.href("/")}>
          <Icon name="logo" />
          <span>cairn</span>
        </Link>
        {(!none || estate.data) && <SnapshotMenu data={estate.data} />}
        {estate.data && (
          <span className="estate" title={accountTitles(estate.data.estate.accounts)}>
            {n.plural(estate.data.estate.accounts.length, "account")}
          </span>
        )}
        <span className="grow" />
        <button type="button" className="srch" onClick={() => setCommand(true)}>
          <Icon name="search" size="s" />
          <span>Search or run a command</span>
          <kbd>Ctrl K</kbd>
        </button>
        {estate.data && (
          <Link
            className="sel"
            href={url.href("/coverage")}
            title={n.plural(estate.data.estate.gaps, "coverage gap")}
          >
            <Icon name="gap" size="s" />
            <span>
              {readShare(estate.data.estate)
                ? `${readShare(estate.data.estate)} read`
                : n.plural(estate.data.estate.gaps, "gap")}
            </span>
          </Link>
        )}
        <button
          type="button"
          className="ib"
          aria-label={scheme.dark ? "Light colours" : "Dark colours"}
          title={scheme.dark ? "Light colours" : "Dark colours"}
          onClick={scheme.toggle}
        >
          <Icon name={scheme.dark ? "moon" : "sun"} />
        </button>
      </header>
      <Nav data={estate.data} />
      <main id="main" ref={main} tabIndex={-1}>
        <NewerSnapshot shown={estate.data?.estate.snapshot.id} />
        {none && !estate.data ? (
          <GetStarted />
        ) : estate.error && !estate.data ? (
          <div className="page list">
            <h1 className="vh">cairn</h1>
            <Failure error={estate.error} onRetry={() => estate.refetch()} />
            {url.get("s") && (
              <p>
                <button type="button" className="btn" onClick={() => url.set({ s: null })}>
                  Show the latest snapshot
                </button>
              </p>
            )}
          </div>
        ) : snapshot === null ? (
          <div className="page list">
            <h1 className="vh">Loading</h1>
            <Later after={3000}>
              cairn is analysing the snapshot. On a large estate that takes a minute or two; this page goes on
              by itself.
            </Later>
            <Skeleton rows={10} />
          </div>
        ) : (
          children
        )}
        <p className="printed">
          cairn, snapshot {estate.data?.estate.snapshot.id}: {pinnedLink(estate.data?.estate.snapshot.id)}
        </p>
      </main>
      <CommandBox open={command} onClose={() => setCommand(false)} />
      <KeySheet open={sheet} onClose={() => setSheet(false)} />
    </div>
  );
}

function accountTitles(accounts: readonly { id: string; name: string | null }[]): string {
  return accounts.map((account) => account.name ?? account.id).join(", ");
}

/** The link pins the snapshot, so that it opens the same thing tomorrow. */
export function pinnedLink(snapshot: string | undefined): string {
  const link = new URL(window.location.href);
  if (snapshot && !link.searchParams.has("s")) link.searchParams.set("s", snapshot);
  return link.toString();
}

function copyLink(snapshot: string | undefined): void {
  void copyText(pinnedLink(snapshot));
}

/** Rail on path pages and below 1400 px, unless the reader chose otherwise there. */
function useRail(location: string) {
  const narrow = useNarrow();
  const byPage = /^\/paths\/./.test(location) || narrow;
  const [choice, setChoice] = useState<Record<string, boolean>>(() => {
    try {
      return JSON.parse(localStorage.getItem(RAIL) ?? "{}") as Record<string, boolean>;
    } catch {
      return {};
    }
  });
  const slot = byPage ? "narrow" : "wide";
  const on = choice[slot] ?? byPage;
  const toggle = useMemo(
    () => () =>
      setChoice((old) => {
        const next = { ...old, [slot]: !(old[slot] ?? byPage) };
        try {
          localStorage.setItem(RAIL, JSON.stringify(next));
        } catch {
          // not kept then
        }
        return next;
      }),
    [slot, byPage],
  );
  return { on, toggle };
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => window.matchMedia("(max-width: 1399px)").matches);
  useEffect(() => {
    const query = window.matchMedia("(max-width: 1399px)");
    const onChange = () => setNarrow(query.matches);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return narrow;
}

function useScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = colorScheme === "dark" || (colorScheme === "auto" && system);
  return { dark, toggle: () => setColorScheme(dark ? "light" : "dark") };
}

/** A quiet bar. What is shown never changes under the reader. */
function NewerSnapshot({ shown }: { shown: string | undefined }) {
  const named = useUrl().get("s");
  const { pin } = usePin();
  const latest = useSnapshots().data?.snapshots[0];
  const newer = latest && shown && latest.id !== shown && !named ? latest.id : null;
  const take = () => newer && pin(newer);
  useKeys(newer ? [{ keys: "u", title: `Switch to ${newer}`, run: take }] : []);
  if (!newer) return null;
  return (
    <div className="stale" role="status">
      <span>{newer} is ready.</span>
      <button type="button" onClick={take}>
        Switch (u)
      </button>
    </div>
  );
}
