import { graphql, type ResultOf } from "../../api/graphql";

export const PathsQuery = graphql(`
  query AttackPaths($snapshot: ID, $first: Int, $after: String, $filter: AttackPathFilter, $sort: AttackPathSort) {
    attackPaths(snapshot: $snapshot, first: $first, after: $after, filter: $filter, sort: $sort) {
      nodes {
        id
        rank
        title
        why
        entry { id name }
        entryKind
        target { id kind kindTitle name account accountName }
        label { name rank of }
        outcome
        status
        conditions { key operator values negated }
        likelihood { value lower upper source }
        impact
        risk { value lower upper source }
        level
        count
        stepCount
        chain { id kind name }
        choke {
          node { id kind name }
          fact { node { id kind name } title text }
          mandatory { id }
          riskRemoved { value lower upper source }
          reach
        }
        closedBy { id title }
      }
      pageInfo { hasNextPage endCursor }
      totalCount
      unfilteredCount
      pathCount
      facets { field values { value title count } }
      targets { reached unknown noPathSeen }
      truncated
    }
  }
`);

export type Family = ResultOf<typeof PathsQuery>["attackPaths"]["nodes"][number];

export const FamilyDetailQuery = graphql(`
  query FamilyDetail($snapshot: ID, $id: ID!) {
    attackPath(id: $id, snapshot: $snapshot) {
      id
      count
      factors { key name value source reason }
      path(number: 1) { likelihood { value lower upper source } }
      interchangeable { kind account count nodes { id kind name } }
      behind { id kind name }
      assumptions
      gaps { id service operation outcome account accountName }
      closedBy {
        id
        title
        effort
        closes
        riskRemoved { value lower upper source }
        closedPaths(first: 6) { id rank }
      }
    }
  }
`);
