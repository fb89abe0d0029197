/** Drawings for node kinds. A kind without one gets a square with two letters. */

const ICON: Record<string, string> = {
  internet: "internet",
  onprem: "network",
  anonymous: "internet",
  "any-aws-principal": "thirdparty",
  service: "settings",
  "identity-provider": "key",
  "external-account": "thirdparty",
  organization: "network",
  "organizational-unit": "network",
  account: "account",
  "organization-policy": "file",
  user: "user",
  group: "group",
  role: "role",
  policy: "file",
  "instance-profile": "role",
  "access-key": "key",
  instance: "compute",
  function: "function",
  task: "compute",
  cluster: "compute",
  notebook: "compute",
  build: "ci",
  "app-service": "compute",
  vpc: "network",
  subnet: "network",
  "route-table": "route",
  "internet-gateway": "internet",
  "egress-only-gateway": "internet",
  "nat-gateway": "route",
  "network-acl": "shield",
  "security-group": "shield",
  "prefix-list": "rows",
  "network-interface": "endpoint",
  "elastic-ip": "endpoint",
  peering: "link",
  "transit-gateway": "route",
  "transit-attachment": "link",
  "transit-route-table": "route",
  "vpc-endpoint": "endpoint",
  "endpoint-service": "endpoint",
  "vpn-gateway": "link",
  "vpn-connection": "link",
  "customer-gateway": "link",
  "direct-connect-gateway": "link",
  "vpc-block-public-access": "ban",
  "load-balancer": "network",
  listener: "endpoint",
  "target-group": "network",
  "function-url": "endpoint",
  api: "endpoint",
  distribution: "internet",
  accelerator: "internet",
  bucket: "bucket",
  "access-point": "bucket",
  "db-instance": "database",
  "db-cluster": "database",
  "db-snapshot": "snapshot",
  "subnet-group": "network",
  volume: "data",
  "volume-snapshot": "snapshot",
  image: "snapshot",
  table: "table",
  queue: "queue",
  topic: "queue",
  stream: "queue",
  "file-system": "files",
  repository: "files",
  warehouse: "table",
  "search-domain": "search",
  cache: "data",
  broker: "queue",
  secret: "secret",
  parameter: "secret",
  key: "key",
  "backup-vault": "snapshot",
  gap: "gap",
};

/** Name of the drawing, or null. */
export function kindIcon(kind: string): string | null {
  return ICON[kind] ?? null;
}

/** Two letters for a kind without a drawing: `sd` for search-domain. */
export function kindLetters(kind: string): string {
  const parts = kind.split("-");
  const [first = "?", second] = parts;
  return second ? `${first.charAt(0)}${second.charAt(0)}` : first.slice(0, 2);
}

/** Places where someone starts without holding anything of the estate. */
export function isOutside(kind: string): boolean {
  return ["internet", "anonymous", "any-aws-principal", "external-account"].includes(kind);
}

/** The action that reads a datastore of this kind, for the question who can read it. */
export function readAction(kind: string): string | null {
  return READ_ACTION[kind] ?? null;
}

const READ_ACTION: Record<string, string> = {
  bucket: "s3:GetObject",
  secret: "secretsmanager:GetSecretValue",
  parameter: "ssm:GetParameter",
  table: "dynamodb:Scan",
  queue: "sqs:ReceiveMessage",
  stream: "kinesis:GetRecords",
  key: "kms:Decrypt",
  "db-snapshot": "rds:RestoreDBInstanceFromDBSnapshot",
  "db-instance": "rds-db:connect",
};
