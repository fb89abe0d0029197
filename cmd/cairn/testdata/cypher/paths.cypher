// The ranked paths to a datastore.
MATCH (p:Path {snapshot: $snapshot})
WHERE p.target ENDS WITH ':db:patients-db'
RETURN p.id AS path
ORDER BY p.rank
