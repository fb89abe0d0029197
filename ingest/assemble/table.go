package assemble

import "slices"

// table is every operation that the package understands. An operation without
// items, facts or handler is known and adds nothing to the graph.
var table = slices.Concat(
	cairnOperations, organizationOperations, iamOperations,
	vpcOperations, gatewayOperations, directConnectOperations, elbOperations, edgeOperations, appsyncOperations,
	computeOperations, lambdaOperations, ecsOperations, workloadOperations,
	s3Operations, rdsOperations, dynamodbOperations, messagingOperations, datastoreOperations,
	kmsOperations, secretOperations,
)
