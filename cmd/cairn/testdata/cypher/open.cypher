// Critical datastores that anyone on the internet reads in one decided step.
MATCH (:Node {snapshot: $snapshot, kind: 'internet'})-[:STEP {gains: 'reads', status: 'decided'}]->(d:Node)
WHERE d.critical
RETURN d.id AS datastore
ORDER BY datastore
