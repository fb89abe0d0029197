import { graphql, type ResultOf } from "../../api/graphql";

export const CoverageQuery = graphql(`
  query Coverage($snapshot: ID, $first: Int, $after: String, $filter: GapFilter) {
    coverage(snapshot: $snapshot, first: $first, after: $after, filter: $filter) {
      tasks { outcome count }
      matrix { account accountName service outcome tasks { outcome count } }
      gaps {
        nodes {
          id
          account
          accountName
          region
          service
          operation
          outcome
          detail
          affects(first: 6) { id kind name }
          affectsCount
          criticalAssets
          onPaths
          permission
        }
        pageInfo { hasNextPage endCursor }
        totalCount
        unfilteredCount
        facets { field values { value title count } }
      }
    }
  }
`);

export type CoverageData = ResultOf<typeof CoverageQuery>["coverage"];
export type GapData = CoverageData["gaps"]["nodes"][number];
export type Cell = CoverageData["matrix"][number];
