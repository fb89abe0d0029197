package aws

import (
	"reflect"
	"slices"
)

// tokens pairs the member of a reply that names the next page with the member
// of the request that asks for it, in the order they are looked for. S3's
// listing has both kinds of continuation token; the next one goes first.
var tokens = []struct{ reply, request string }{
	{"NextContinuationToken", "ContinuationToken"},
	{"NextToken", "NextToken"},
	{"NextMarker", "Marker"},
	{"Marker", "Marker"},
	{"ContinuationToken", "ContinuationToken"},
	{"NextPageToken", "PageToken"},
	{"LastEvaluatedTableName", "ExclusiveStartTableName"},
	{"Position", "Position"},
}

// isToken reports members that only steer paging.
func isToken(member string) bool {
	if member == "IsTruncated" || member == "Truncated" {
		return true
	}
	return slices.ContainsFunc(tokens, func(t struct{ reply, request string }) bool {
		return t.reply == member || t.request == member
	})
}

// pager tells how a request type asks for the next page of its reply type.
type pager struct{ reply, request int } // field indices, -1 for none

func pagerOf(in, out reflect.Type) pager {
	for _, t := range tokens {
		o, ok := out.FieldByName(t.reply)
		if !ok || o.Type.Kind() != reflect.Pointer {
			continue
		}
		if i, ok := in.FieldByName(t.request); ok && i.Type == o.Type {
			return pager{o.Index[0], i.Index[0]}
		}
	}
	return pager{-1, -1}
}

// pages reports whether the operation has pages at all.
func (p pager) pages() bool { return p.reply >= 0 }

// next sets the request to the page after the reply and returns its token, or
// the empty string after the last page.
func (p pager) next(in, out reflect.Value) string {
	if !p.pages() {
		return ""
	}
	token := out.Field(p.reply)
	if token.IsNil() || token.Elem().Len() == 0 {
		return ""
	}
	in.Field(p.request).Set(token)
	return token.Elem().String()
}
