import "./canvas.css";
import "./dock.css";
import "./evidence.css";
import "./outline.css";
import "./path.css";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { Link, useLocation } from "wouter";
import { request } from "../../api/client";
import { chokeNode, chokeWords } from "../../format/choke";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { useKeys } from "../../frame/keys";
import { useTrials } from "../../frame/trials";
import { ExportMenu } from "../../list/export";
import { CopyButton, Segments } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { LevelShape } from "../../ui/marks";
import { useWide } from "../../ui/media";
import { Empty, Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { Canvas } from "./canvas";
import { Dock } from "./dock";
import { layoutPath } from "./layout";
import { Outline } from "./outline";
import { type FamilyPath, type PathData, PathQuery } from "./queries";

/** One path: believe it or refute it. */
export default function PathView({ family: id, number }: { family: string; number: number }) {
  const snapshot = useSnapshot();
  const url = useUrl();
  const query = useQuery({
    queryKey: ["path", id, number, snapshot],
    queryFn: ({ signal }) => request(PathQuery, { id, number, snapshot }, signal),
  });
  const family = query.data?.attackPath;
  const trials = useTrials(family?.closedBy === null || family?.choke === null, query.refetch);
  if (query.error) {
    return (
      <div className="page list">
        <h1 className="vh">Attack path</h1>
        <Failure error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  }
  if (query.isPending) {
    return (
      <div className="page list">
        <h1 className="vh">Attack path</h1>
        <Skeleton rows={10} />
      </div>
    );
  }
  if (!family?.path) {
    return (
      <div className="page list">
        <h1>Attack path</h1>
        <Empty
          title={
            family
              ? `This family has ${n.plural(family.count, "path")}.`
              : "This family is not in this snapshot."
          }
          action={
            <Link className="btn" href={url.href("/paths")}>
              All attack paths
            </Link>
          }
        >
          <p>
            It may have been closed, or what it rests on changed. Other snapshots are in the menu at the top.
          </p>
        </Empty>
      </div>
    );
  }
  return <Shown key={family.id} family={family} path={family.path} trials={trials} />;
}

const VIEWS = [
  { value: "graph", title: "Graph", icon: "paths" },
  { value: "outline", title: "Outline", icon: "outline" },
] as const;

function Shown(props: { family: FamilyPath; path: PathData; trials: ReturnType<typeof useTrials> }) {
  const { family, path, trials } = props;
  const url = useUrl();
  const [, navigate] = useLocation();
  const wide = useWide(900);
  const estate = useEstate().data?.estate;
  const steps = path.steps;
  const wanted = Number.parseInt(url.get("step") ?? "1", 10) || 1;
  const step = steps.find((one) => one.number === wanted) ?? steps[0];
  const view = (url.get("view") ?? (wide ? "graph" : "outline")) === "outline" ? "outline" : "graph";
  const layout = useMemo(
    () => layoutPath({ entry: family.entry, entryKind: family.entryKind, target: family.target, steps }),
    [family, steps],
  );
  const alike = useCallback(
    (id: string) =>
      family.interchangeable.find((group) => group.nodes.some((node) => node.id === id))?.count ?? 1,
    [family],
  );
  const chokes = url.get("choke") === "on";
  const choke = useCallback(
    (id: string) => {
      const found = chokes ? family.choke?.find((one) => chokeNode(one)?.id === id) : undefined;
      return found ? chokeWords(found).replace(" estate risk", " risk") : null;
    },
    [family, chokes],
  );
  const toggleChokes = () => url.set({ choke: chokes ? null : "on" });
  const select = useCallback(
    (id: string) => {
      const chosen = steps.find((one) => one.id === id);
      url.set({ step: chosen && chosen.number !== 1 ? String(chosen.number) : null });
    },
    [steps, url],
  );
  const move = (by: number) => {
    const next = steps[steps.findIndex((one) => one.id === step?.id) + by];
    if (next) select(next.id);
  };
  const other = (to: number) => {
    if (to >= 1 && to <= family.count) {
      navigate(
        url.href(`/paths/${encodeURIComponent(family.id)}${to > 1 ? `/${to}` : ""}`, {
          view: url.get("view"),
        }),
      );
    }
  };
  const show = (next: string) => url.set({ view: next === "outline" ? "outline" : null });
  useKeys([
    { keys: "j", title: "Next step", run: () => move(1) },
    { keys: "k", title: "Previous step", run: () => move(-1) },
    { keys: "n", title: "Next path of the family", run: () => other(path.number + 1) },
    { keys: "p", title: "Previous path of the family", run: () => other(path.number - 1) },
    { keys: "o", title: "Graph or outline", run: () => show(view === "outline" ? "graph" : "outline") },
    { keys: "c", title: "Choke points", run: toggleChokes },
    { keys: "Escape", title: "Back to the list", run: () => navigate(url.href("/paths")) },
  ]);
  useEffect(() => {
    document.title = `${family.title} - cairn`;
  }, [family.title]);
  if (!step) return <Empty title="This path has no steps." />;
  const crumbs = headNames(family, path);
  return (
    <div className="page page-path">
      <div className="hd">
        <div className="el">
          <p className="crumb">
            <Link href={url.href("/paths")}>Attack paths</Link> / family {family.rank}, path {path.number} of{" "}
            {n.count(family.count)}
          </p>
          <h1 title={family.title}>
            {crumbs.map((name, index) => (
              <span key={`${name}:${index}`} className="cr">
                {index > 0 && <Icon name="right" size="xs" />}
                <span className="el" title={name}>
                  {t.middle(name, 26)}
                </span>
              </span>
            ))}
          </h1>
        </div>
        <div className="meta">
          <dl>
            <div>
              <dt>Risk, family</dt>
              <dd>
                <LevelShape level={family.level} /> {n.risk(family.risk.value)}{" "}
                {!n.isExact(family.risk, n.risk) && (
                  <small>{n.riskInterval(family.risk.lower, family.risk.upper)}</small>
                )}
              </dd>
            </div>
            <div>
              <dt>Likelihood × impact</dt>
              <dd>
                {n.likelihood(family.likelihood.value)} <small>×</small> {n.grouped(family.impact)}
              </dd>
            </div>
            <div>
              <dt>This path</dt>
              <dd>{n.likelihood(path.likelihood.value)}</dd>
            </div>
          </dl>
          <div className="ac">
            <Segments label="View" options={VIEWS} value={view} onChange={show} />
            <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
              <Icon name="link" size="s" />
            </CopyButton>
            <ExportMenu
              of={{
                name: `path-${family.id}-${path.number}`,
                filters: "",
                json: async () => ({ ...family, path }),
                markdown: async () => (await import("./markdown")).pathMarkdown(family, path),
              }}
            />
          </div>
        </div>
      </div>
      {view === "outline" ? (
        <Outline family={family} path={path} selected={step.id} onStep={select} />
      ) : (
        <Dock family={family} steps={steps} step={step} trials={trials} onStep={select}>
          <Canvas
            layout={layout}
            title={family.title}
            selected={step.id}
            alike={alike}
            choke={choke}
            onStep={select}
          />
          <div className="tg">
            {family.count > 1 && <PathMenu family={family} number={path.number} onPath={other} />}
            {(family.choke ?? []).length > 0 && (
              <button type="button" className="chip" aria-pressed={chokes} onClick={toggleChokes}>
                <Icon name="choke" size="xs" />
                Choke points
              </button>
            )}
          </div>
        </Dock>
      )}
    </div>
  );
}

function PathMenu(props: { family: FamilyPath; number: number; onPath: (number: number) => void }) {
  const { family, number, onPath } = props;
  const shown = Math.min(family.count, 30);
  return (
    <Menu position="bottom-start" offset={4}>
      <Menu.Target>
        <button type="button" className="chip">
          Path{" "}
          <b>
            {number} of {n.count(family.count)}
          </b>
          <Icon name="down" size="xs" />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: "auto" }}>
        {Array.from({ length: shown }, (_, index) => (
          <Menu.Item
            key={index}
            onClick={() => onPath(index + 1)}
            aria-current={index + 1 === number ? "true" : undefined}
          >
            Path {index + 1}
          </Menu.Item>
        ))}
        {shown < family.count && <Menu.Label>n goes on beyond {shown}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Entry, the principals and computes that matter between, target: at most five names. */
function headNames(family: FamilyPath, path: PathData): string[] {
  const names = [family.entry.name];
  for (const step of path.steps) {
    const state = step.conclusion;
    if (!["controls", "executes"].includes(state.kind) || state.node.id === family.target.id) continue;
    if (!names.includes(state.node.name)) names.push(state.node.name);
  }
  const middle = names.slice(1);
  const kept = middle.length > 3 ? [middle[0] as string, "…", middle[middle.length - 1] as string] : middle;
  return [t.accountId(names[0] as string), ...kept, family.target.name];
}
