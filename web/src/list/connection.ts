import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { TadaDocumentNode } from "gql.tada";
import { useMemo } from "react";
import { request } from "../api/client";

interface Page<Row> {
  nodes: readonly Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/**
 * Rows of a connection, fetched page by page as the reader scrolls. The first
 * page also carries counts and facets. Earlier rows stay while a new filter loads.
 */
export function useConnection<Data, Variables extends { after?: string | null }, P extends Page<unknown>>(
  key: string,
  document: TadaDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => P,
) {
  const query = useInfiniteQuery({
    queryKey: [key, variables],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(document, { ...variables, after: pageParam } as Variables, signal).then(pick),
    getNextPageParam: (last: P) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
    placeholderData: keepPreviousData,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => (pages ?? []).flatMap((page) => page.nodes) as P["nodes"][number][], [pages]);
  return {
    rows,
    first: pages?.[0],
    error: query.error,
    loading: query.isPending,
    refreshing: query.isPlaceholderData,
    retry: () => void query.refetch(),
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}

/** Every row of a connection, for an export. */
export async function allRows<Data, Variables extends { after?: string | null }, P extends Page<unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => P,
): Promise<P["nodes"][number][]> {
  const rows: P["nodes"][number][] = [];
  let after: string | null = null;
  for (;;) {
    const page: P = pick(await request(document, { ...variables, after } as Variables));
    rows.push(...page.nodes);
    if (!page.pageInfo.hasNextPage || !page.pageInfo.endCursor) return rows;
    after = page.pageInfo.endCursor;
  }
}
