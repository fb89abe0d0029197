import { Link, useLocation } from "wouter";
import * as n from "../format/numbers";
import { Icon } from "../ui/icon";
import { useUrl } from "../url/state";
import type { EstateData } from "./estate";

export interface Page {
  path: string;
  title: string;
  icon: string;
  /** Second key of the chord that starts with g. */
  key: string;
  group: number;
  count?: (estate: EstateData["estate"]) => number;
}

/** Every page that exists. The key sheet, the command box and the navigation read this. */
export const PAGES: readonly Page[] = [
  { path: "/", title: "Overview", icon: "overview", key: "o", group: 0 },
  { path: "/paths", title: "Attack paths", icon: "paths", key: "p", group: 0, count: (e) => e.attackPaths },
  { path: "/data", title: "Data", icon: "data", key: "d", group: 0, count: (e) => e.datastores },
  { path: "/exposure", title: "Exposure", icon: "internet", key: "x", group: 0, count: (e) => e.exposed },
  { path: "/ask", title: "Ask", icon: "search", key: "a", group: 1 },
  { path: "/coverage", title: "Coverage", icon: "gap", key: "c", group: 1, count: (e) => e.gaps },
  { path: "/query", title: "Query", icon: "query", key: "q", group: 2 },
];

function isCurrent(page: Page, location: string): boolean {
  return page.path === "/"
    ? location === "/"
    : location === page.path || location.startsWith(`${page.path}/`);
}

/** `v1.2.0` of a release, plain words for what was built on the way. */
function shortVersion(version: string): string {
  return /^v?\d+\.\d+\.\d+$/.test(version) && !/^v?0\.0\.0$/.test(version) ? version : "development build";
}

export function Nav({ data }: { data: EstateData | undefined }) {
  const [location] = useLocation();
  const url = useUrl();
  return (
    <nav className="nav" aria-label="Main">
      {PAGES.map((page, index) => (
        <div key={page.path} style={{ display: "contents" }}>
          {index > 0 && PAGES[index - 1]?.group !== page.group && <div className="sep" />}
          <Link
            href={url.href(page.path)}
            title={`${page.title} (g ${page.key})`}
            aria-current={isCurrent(page, location) ? "page" : undefined}
          >
            <Icon name={page.icon} />
            <span>{page.title}</span>
            {page.count && data && (
              <span className="n" aria-hidden="true">
                {n.count(page.count(data.estate))}
              </span>
            )}
          </Link>
        </div>
      ))}
      {data && (
        <div className="foot">
          <span title={data.server.version}>
            {data.estate.name ?? `cairn ${shortVersion(data.server.version)}`}
          </span>
          <br />
          {data.server.role}
          {data.server.loopback ? ", loopback" : ""}
        </div>
      )}
    </nav>
  );
}
