import { graphql, type ResultOf } from "../../api/graphql";

export const CanQuery = graphql(`
  query Can($principal: String!, $action: String!, $resource: String!, $snapshot: ID) {
    can(principal: $principal, action: $action, resource: $resource, snapshot: $snapshot) {
      principal { id kind name }
      action
      resource
      decision
      explicit
      conditions { key operator values negated }
      reasons { policy effect evidence { ...EvidenceParts } }
      missing
      gaps { id service operation outcome account accountName }
      assumptions
      door { id name }
      command
    }
  }

  fragment EvidenceParts on Evidence {
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
`);

export const WhoCanQuery = graphql(`
  query WhoCan($action: String!, $resource: String!, $snapshot: ID) {
    whoCan(action: $action, resource: $resource, first: 200, snapshot: $snapshot) {
      action
      resource
      everyone
      principals {
        node { id kind kindTitle name account accountName }
        decision
        conditions { key operator values negated }
        reasons { policy effect evidence { node { id name } title pointer sid text } }
        door { id name }
      }
      totalCount
      gaps { id service operation outcome account accountName }
      command
    }
  }
`);

export const ReachQuery = graphql(`
  query Reach($from: String!, $to: String!, $port: Int, $protocol: String, $snapshot: ID) {
    reach(from: $from, to: $to, port: $port, protocol: $protocol, snapshot: $snapshot) {
      from { id kind name }
      to { id kind name }
      verdict
      network { verdict }
      service { verdict }
      layer
      ranges { sources protocol ports }
      chain {
        element { id kind kindTitle name account accountName }
        rule
        decision
        evidence { node { id name } document title pointer lines sid text call readAt }
      }
      blockedBy { element { id kind name } rule why }
      opens
      missing
    }
  }
`);

export type DecisionData = ResultOf<typeof CanQuery>["can"];
export type WhoCanData = ResultOf<typeof WhoCanQuery>["whoCan"];
export type ReachAnswer = ResultOf<typeof ReachQuery>["reach"];

export const SlotQuery = graphql(`
  query Slot($prefix: String!, $kinds: [SearchKind!], $snapshot: ID) {
    search(prefix: $prefix, kinds: $kinds, first: 8, snapshot: $snapshot) {
      id
      title
      detail
      node { id kind kindTitle name account accountName }
    }
  }
`);
