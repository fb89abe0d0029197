import "graphiql/style.css";
import "./query.css";
import { useMantineColorScheme } from "@mantine/core";
import { GraphiQL } from "graphiql";
import { useMemo } from "react";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";

const START = `# Everything the pages show, and more.
# The variable pins the snapshot.
query Worst($snapshot: ID) {
  attackPaths(snapshot: $snapshot, first: 5) {
    totalCount
    nodes {
      title
      level
      risk { value lower upper }
      closedBy { title effort }
    }
  }
}
`;

/** GraphiQL, bundled: it loads nothing from elsewhere. */
export default function Query() {
  const url = useUrl();
  const { colorScheme } = useMantineColorScheme();
  const snapshot = useSnapshot();
  const fetcher = useMemo(
    () => async (body: unknown) => {
      const response = await fetch("/graphql", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: "same-origin",
        body: JSON.stringify(body),
      });
      return response.json();
    },
    [],
  );
  return (
    <div className="page page-query">
      <h1 className="vh">Query</h1>
      {snapshot && (
        <GraphiQL
          key={snapshot}
          fetcher={fetcher}
          defaultQuery={START}
          query={url.get("query") ?? undefined}
          variables={JSON.stringify({ snapshot }, null, 2)}
          shouldPersistHeaders={false}
          forcedTheme={colorScheme === "auto" ? "system" : colorScheme}
          isHeadersEditorEnabled={false}
        />
      )}
    </div>
  );
}
