package aws

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/appsync"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"github.com/cairn-security/cairn/graph"
)

// TestDirectConnect: gateways with what they are associated with, interfaces
// without the keys of their sessions. The emulator has none of it.
func TestDirectConnect(t *testing.T) {
	cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		fmt.Fprint(w, map[string]string{
			"DescribeDirectConnectGateways":            `{"directConnectGateways":[{"directConnectGatewayId":"dx-1","directConnectGatewayName":"hall","ownerAccount":"111122223333"}]}`,
			"DescribeDirectConnectGatewayAssociations": `{"directConnectGatewayAssociations":[{"directConnectGatewayId":"dx-1","associatedGateway":{"id":"tgw-1","type":"transitGateway"}}]}`,
			"DescribeDirectConnectGatewayAttachments":  `{"directConnectGatewayAttachments":[]}`,
			"DescribeVirtualInterfaces": `{"virtualInterfaces":[{"virtualInterfaceId":"dxvif-1","directConnectGatewayId":"dx-1","authKey":"s3cret","customerRouterConfig":"<xml>s3cret</xml>",
				"bgpPeers":[{"bgpPeerId":"b","authKey":"s3cret"}]}]}`,
		}[operation])
	})
	j, m := fakeJob(t, "directconnect", p)
	walk(context.Background(), j, directConnectAPI(directconnect.NewFromConfig(cfg)), directConnectTable)
	directconnectRegional(&Options{}).collect(context.Background(), &session{cfg: cfg}, j)
	for operation, want := range map[string]string{
		"DescribeDirectConnectGateways":            `{"directConnectGateways":[{"directConnectGatewayId":"dx-1","directConnectGatewayName":"hall","ownerAccount":"111122223333"}]}`,
		"DescribeDirectConnectGatewayAssociations": `{"directConnectGatewayAssociations":[{"associatedGateway":{"id":"tgw-1","type":"transitGateway"},"directConnectGatewayId":"dx-1"}]}`,
		"DescribeVirtualInterfaces":                `{"virtualInterfaces":[{"asn":0,"bgpPeers":[{"asn":0,"bgpPeerId":"b"}],"directConnectGatewayId":"dx-1","virtualInterfaceId":"dxvif-1","vlan":0}]}`,
	} {
		if r := m.records.one(t, "directconnect", operation); string(r.Body) != want {
			t.Errorf("%s: %s %s", operation, r.Outcome, r.Body)
		}
	}
	if r := m.records.one(t, "directconnect", "DescribeDirectConnectGatewayAttachments"); r.Outcome != graph.OutcomeEmpty || r.Params["directConnectGatewayId"] != "dx-1" {
		t.Errorf("attachments: %s %v", r.Outcome, r.Params)
	}
}

// TestGraphQL: an API with every way it knows its callers, and its data sources
// page by page.
func TestGraphQL(t *testing.T) {
	const api = `{"additionalAuthenticationProviders":[{"authenticationType":"AWS_IAM"}],"apiId":"a1","arn":"arn:aws:appsync:eu-central-1:111122223333:apis/a1","authenticationType":"API_KEY","name":"orders","visibility":"GLOBAL"}`
	cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/v1/apis":
			fmt.Fprint(w, `{"graphqlApis":[`+api+`]}`)
		case r.URL.Query().Get("nextToken") == "":
			fmt.Fprint(w, `{"dataSources":[{"name":"table"}],"nextToken":"2"}`)
		default:
			fmt.Fprint(w, `{"dataSources":[{"name":"function"}]}`)
		}
	})
	j, m := fakeJob(t, "appsync", p)
	walk(context.Background(), j, graphqlAPI(appsync.NewFromConfig(cfg)), graphqlTable)
	if body := string(m.records.one(t, "appsync", "ListGraphqlApis").Body); !strings.Contains(body, `"authenticationType":"API_KEY"`) ||
		!strings.Contains(body, `"additionalAuthenticationProviders":[{"authenticationType":"AWS_IAM"}]`) || !strings.Contains(body, `"visibility":"GLOBAL"`) {
		t.Errorf("%s", body)
	}
	sources := m.records.of("appsync", "ListDataSources")
	if len(sources) != 2 || sources[0].Params["apiId"] != "a1" {
		t.Errorf("data sources %+v", sources)
	}
}
