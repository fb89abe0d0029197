import { graphql, type ResultOf } from "../../api/graphql";

export const PathQuery = graphql(`
  query PathView($snapshot: ID, $id: ID!, $number: Int!) {
    attackPath(id: $id, snapshot: $snapshot) {
      id
      rank
      title
      entry { id kind kindTitle name account accountName }
      entryKind
      target { id kind kindTitle name account accountName }
      label { name rank of }
      outcome
      likelihood { value lower upper source }
      impact
      risk { value lower upper source }
      level
      count
      detections
      interchangeable { kind account count nodes { id } }
      choke {
        node { id kind name }
        fact { node { id kind name } title text pointer }
        mandatory { id }
        riskRemoved { value lower upper source }
        reach
      }
      closedBy {
        id
        title
        effort
        closes
        riskRemoved { value lower upper source }
        evidence { node { id } document pointer }
      }
      path(number: $number) {
        id
        number
        status
        likelihood { value lower upper source }
        steps {
          id
          number
          technique
          name
          title
          attack
          premises { ...StateParts }
          conclusion { ...StateParts }
          status
          conditions { key operator values negated }
          gaps { id service operation outcome detail account accountName }
          assumptions
          likelihood { value lower upper source }
          factors { key name value source reason }
          checks { name outcome settledBy }
          evidence {
            node { id name kind kindTitle }
            document
            title
            pointer
            lines
            sid
            text
            call
            readAt
          }
          verify
        }
      }
    }
  }

  fragment StateParts on State {
    id
    kind
    node { id kind kindTitle name account accountName region }
    qualifier
    port
    label { name rank of }
  }
`);

export type FamilyPath = NonNullable<ResultOf<typeof PathQuery>["attackPath"]>;
export type PathData = NonNullable<FamilyPath["path"]>;
export type StepData = PathData["steps"][number];
export type StateData = StepData["conclusion"];
export type EvidenceData = StepData["evidence"][number];

export const DocumentQuery = graphql(`
  query Document($snapshot: ID, $id: ID!) {
    document(id: $id, snapshot: $snapshot) { id title text call readAt node { id name } }
  }
`);
