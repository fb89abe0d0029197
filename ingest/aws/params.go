package aws

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// limits are members that say how much to send, not what is asked for.
var limits = []string{"MaxResults", "MaxItems", "MaxKeys", "MaxBuckets", "MaxRecords", "PageSize", "Limit"}

// params renders what an input asks for under the API's own names: every
// scalar that is set, lists joined by commas; nested filters, limits and page
// tokens are left out.
func (s shape) params(in any) map[string]string {
	v := reflect.Indirect(reflect.ValueOf(in))
	params := map[string]string{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !isMember(field) || absent(v.Field(i)) || isToken(field.Name) || slices.Contains(limits, field.Name) {
			continue
		}
		f := reflect.Indirect(v.Field(i))
		switch f.Kind() {
		case reflect.String:
			params[s.name(field.Name)] = f.String()
		case reflect.Bool:
			if f.Bool() {
				params[s.name(field.Name)] = "true"
			}
		case reflect.Int32, reflect.Int64:
			if f.Int() != 0 {
				params[s.name(field.Name)] = strconv.FormatInt(f.Int(), 10)
			}
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.String && f.Len() > 0 {
				params[s.name(field.Name)] = joined(f)
			}
		}
	}
	if len(params) == 0 {
		return nil
	}
	return params
}

func joined(list reflect.Value) string {
	var b strings.Builder
	for i := range list.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(list.Index(i).String())
	}
	return b.String()
}
