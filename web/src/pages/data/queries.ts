import { graphql, type ResultOf } from "../../api/graphql";

export const DatastoresQuery = graphql(`
  query Datastores($snapshot: ID, $first: Int, $after: String, $filter: DatastoreFilter, $sort: DatastoreSort) {
    datastores(snapshot: $snapshot, first: $first, after: $after, filter: $filter, sort: $sort) {
      nodes {
        id
        node { id kind kindTitle name account accountName region }
        types { type name confidence share objects }
        label { name rank of }
        critical
        regimes
        source
        discovery
        bound { confidence share }
        scannedAt
        bytes
        records
        objects
        objectsSampled
        unreadable
        exposure
        encryption { atRest key inTransit }
        access { read write administer anonymous }
        answer
        likelihood { value lower upper source }
        risk { value lower upper source }
        level
      }
      pageInfo { hasNextPage endCursor }
      totalCount
      unfilteredCount
      criticalCount
      facets { field values { value title count } }
    }
  }
`);

export type Datastore = ResultOf<typeof DatastoresQuery>["datastores"]["nodes"][number];
export type DatastoresPage = ResultOf<typeof DatastoresQuery>["datastores"];

export const DatastoreQuery = graphql(`
  query Datastore($snapshot: ID, $id: ID!) {
    datastore(id: $id, snapshot: $snapshot) {
      id
      node { id kind kindTitle name account accountName region }
      types { type name confidence share objects }
      label { name rank of }
      critical
      regimes
      source
      sourceDetail
      discovery
      bound { confidence share }
      scannedAt
      bytes
      records
      objects
      objectsSampled
      unreadable
      exposure
      encryption { atRest key inTransit }
      access { read write administer anonymous }
      violations { kind what }
      answer
      likelihood { value lower upper source }
      risk { value lower upper source }
      level
      attackPaths(first: 10) {
        id
        rank
        title
        entryKind
        outcome
        level
        risk { value lower upper source }
        chain { id kind name }
        target { id kind name }
      }
      sampled { object types label location readAt }
      gaps { id account accountName service operation outcome }
    }
  }
`);

export type DatastoreDetail = NonNullable<ResultOf<typeof DatastoreQuery>["datastore"]>;

export const MarkMutation = graphql(`
  mutation Mark($input: MarkDatastoreInput!) {
    markDatastore(input: $input) { datastore { id critical label { name rank of } source } }
  }
`);
