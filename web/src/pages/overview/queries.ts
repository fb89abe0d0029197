import { graphql, type ResultOf } from "../../api/graphql";

export const OverviewQuery = graphql(`
  query Overview($snapshot: ID) {
    datastores(snapshot: $snapshot, first: 9, filter: { answer: [reached] }, sort: risk) {
      nodes {
        id
        node { id kind name }
        label { name rank of }
        types { type name }
        likelihood { value lower upper source }
        risk { value lower upper source }
        level
        bestPath {
          id
          rank
          entryKind
          outcome
          chain { id kind name }
          target { id kind name }
        }
      }
      totalCount
    }
    fixes(snapshot: $snapshot, first: 5) {
      id
      title
      kind
      node { id name }
      effort
      riskRemoved { value lower upper source }
      closes
      reachedAfter
    }
    coverage(snapshot: $snapshot, first: 4) {
      tasks { outcome count }
      matrix { account accountName service outcome tasks { outcome count } }
      gaps {
        nodes { id account accountName service operation outcome criticalAssets affectsCount }
        totalCount
      }
    }
    read: datastores(snapshot: $snapshot, first: 1) { totalCount facets { field values { value count } } }
  }
`);

export type OverviewData = ResultOf<typeof OverviewQuery>;
