import { graphql, type ResultOf } from "../../api/graphql";

export const ExposedQuery = graphql(`
  query Exposed($snapshot: ID, $first: Int, $after: String, $filter: ExposureFilter) {
    exposed(snapshot: $snapshot, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        node { id kind kindTitle name account accountName region }
        class
        layer
        assumed
        ranges { sources protocol ports }
        behind(first: 3) { id kind name }
        onPaths
      }
      pageInfo { hasNextPage endCursor }
      totalCount
      unfilteredCount
      facets { field values { value title count } }
    }
  }
`);

export type Endpoint = ResultOf<typeof ExposedQuery>["exposed"]["nodes"][number];

export const EndpointQuery = graphql(`
  query EndpointDetail($snapshot: ID, $id: ID!, $to: String!) {
    node(id: $id, snapshot: $snapshot) {
      ... on EstateNode {
        id
        kind
        kindTitle
        name
        account
        accountName
        region
        endpoint {
          id
          class
          layer
          assumed
          ranges { sources protocol ports }
          chain { ...HopParts }
          network { verdict }
          service { verdict }
          behind(first: 10) { id kind name }
          onPaths
        }
      }
    }
    reach(from: "internet", to: $to, snapshot: $snapshot) {
      verdict
      network { verdict }
      service { verdict }
      layer
      chain { ...HopParts }
      blockedBy { element { id kind name } rule why }
      opens
      missing
    }
  }

  fragment HopParts on Hop {
    element { id kind kindTitle name account accountName }
    rule
    decision
    evidence {
      node { id name }
      document
      title
      pointer
      lines
      sid
      text
      call
      readAt
    }
  }
`);

type DetailNode = NonNullable<ResultOf<typeof EndpointQuery>["node"]>;
export type EndpointNode = Extract<DetailNode, { endpoint: unknown }>;
export type HopData = ResultOf<typeof EndpointQuery>["reach"]["chain"][number];
export type ReachData = ResultOf<typeof EndpointQuery>["reach"];
