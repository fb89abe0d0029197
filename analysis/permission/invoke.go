package permission

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// invokeName is the ARN under which the policy of an API names requests to it,
// which is another service's than that of the API itself; "" where an action is
// none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func invokeName(n graph.Node, action string) string {
	if n.Kind != graph.KindAPI || !strings.HasPrefix(action, "execute-api:") {
		return ""
	}
	parts := strings.SplitN(n.ID, ":", 6)
	if len(parts) != 6 {
		return ""
	}
	parts[2], parts[4], parts[5] = "execute-api", n.Account, parts[5][strings.LastIndexByte(parts[5], '/')+1:]
	return strings.Join(parts, ":")
}
