import { createTheme, MantineProvider } from "@mantine/core";
import { keepPreviousData, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, Route, Switch } from "wouter";
import { RequestFailure } from "./api/client";
import { Frame } from "./frame/frame";
import { Overview } from "./pages/overview/overview";
import { IconSprite } from "./ui/icon";
import { LazyPage, PageCode } from "./ui/lazypage";
import { Empty } from "./ui/states";
import { SnapshotProvider } from "./url/snapshot";

const Paths = new PageCode(() => import("./pages/paths/paths"));
const PathView = new PageCode(() => import("./pages/path/path"));
const Data = new PageCode(() => import("./pages/data/data"));
const Exposure = new PageCode(() => import("./pages/exposure/exposure"));
const Ask = new PageCode(() => import("./pages/ask/ask"));
const Coverage = new PageCode(() => import("./pages/coverage/coverage"));
const Query = new PageCode(() => import("./pages/query/query"));
/** Fetched when nothing else is going on; Query is large and rare. */
const SOON = [Paths, PathView, Data, Exposure, Coverage, Ask];

const theme = createTheme({
  fontFamily: "var(--font-ui)",
  fontFamilyMonospace: "var(--font-mono)",
  primaryColor: "blue",
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
});

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A snapshot is immutable: what was read once stays true.
      staleTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      placeholderData: keepPreviousData,
      // An analysis goes on at the server however often it is asked about.
      retry: (failures, error) =>
        error instanceof RequestFailure &&
        (error.code === "ANALYSING" || (failures < 2 && error.code === "UNREACHABLE")),
    },
  },
});

export function App() {
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 1500));
    idle(() => {
      for (const page of SOON) page.load().catch(() => undefined);
    });
  }, []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <IconSprite />
        <SnapshotProvider>
          <Frame>
            <Switch>
              <Route path="/" component={Overview} />
              <Route path="/paths">
                <LazyPage of={Paths} props={{}} />
              </Route>
              <Route path="/paths/:family/:number?">
                {(params) => <LazyPage of={PathView} props={pathProps(params)} />}
              </Route>
              <Route path="/data">
                <LazyPage of={Data} props={{}} />
              </Route>
              <Route path="/exposure/:endpoint?">
                {(params) => (
                  <LazyPage
                    of={Exposure}
                    props={{ endpoint: params.endpoint ? decodeURIComponent(params.endpoint) : null }}
                  />
                )}
              </Route>
              <Route path="/ask">
                <LazyPage of={Ask} props={{}} />
              </Route>
              <Route path="/coverage">
                <LazyPage of={Coverage} props={{}} />
              </Route>
              <Route path="/query">
                <LazyPage of={Query} props={{}} />
              </Route>
              <Route component={NotFound} />
            </Switch>
          </Frame>
        </SnapshotProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function pathProps(params: { family: string; number?: string }) {
  return {
    family: decodeURIComponent(params.family),
    number: Math.max(1, Number.parseInt(params.number ?? "1", 10) || 1),
  };
}

function NotFound() {
  return (
    <div className="page list">
      <h1 className="vh">No such page</h1>
      <Empty
        title="There is no page at this address."
        action={
          <Link className="btn" href="/">
            Overview
          </Link>
        }
      />
    </div>
  );
}
