import { createTheme, MantineProvider } from "@mantine/core";
import { keepPreviousData, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Link, Route, Switch } from "wouter";
import { RequestFailure } from "./api/client";
import { Frame } from "./frame/frame";
import { Overview } from "./pages/overview/overview";
import { IconSprite } from "./ui/icon";
import { Empty, Skeleton } from "./ui/states";
import { SnapshotProvider } from "./url/snapshot";

const loadPath = () => import("./pages/path/path");
const Paths = lazy(() => import("./pages/paths/paths"));
const PathView = lazy(loadPath);
const Data = lazy(() => import("./pages/data/data"));
const Exposure = lazy(() => import("./pages/exposure/exposure"));
const Ask = lazy(() => import("./pages/ask/ask"));
const Coverage = lazy(() => import("./pages/coverage/coverage"));
const Query = lazy(() => import("./pages/query/query"));

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
      retry: (failures, error) =>
        failures < 2 && error instanceof RequestFailure && error.code === "UNREACHABLE",
    },
  },
});

export function App() {
  useEffect(() => {
    // The path view is the likely next page; fetch its code when nothing else is going on.
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 1500));
    idle(() => void loadPath());
  }, []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <IconSprite />
        <SnapshotProvider>
          <Frame>
            <Suspense fallback={<Skeleton />}>
              <Switch>
                <Route path="/" component={Overview} />
                <Route path="/paths" component={Paths} />
                <Route path="/paths/:family/:number?">
                  {(params) => (
                    <PathView
                      family={decodeURIComponent(params.family)}
                      number={Math.max(1, Number.parseInt(params.number ?? "1", 10) || 1)}
                    />
                  )}
                </Route>
                <Route path="/data" component={Data} />
                <Route path="/exposure/:endpoint?">
                  {(params) => (
                    <Exposure endpoint={params.endpoint ? decodeURIComponent(params.endpoint) : null} />
                  )}
                </Route>
                <Route path="/ask" component={Ask} />
                <Route path="/coverage" component={Coverage} />
                <Route path="/query" component={Query} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Frame>
        </SnapshotProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
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
