package assemble

import (
	"encoding/json"
	"github.com/cairn-security/cairn/ingest/fields"
)

var tagShape = fields.New("Key", "Value", "key", "value", "TagKey", "TagValue")

// tagsOf reads tags in any of the forms the services use: a list of pairs or
// an object.
func tagsOf(raw []byte) map[string]string {
	if len(raw) == 0 {
		return nil
	}
	tags := map[string]string{}
	if raw[0] == '{' {
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return nil
		}
		if _, pair := object["Key"]; !pair {
			for key, value := range object {
				tags[key] = fields.Text(value)
			}
			return tags
		}
	}
	eachShape.Scan(raw, func(_ int, pair []byte) {
		var key, value string
		tagShape.Scan(pair, func(path int, v []byte) {
			if path%2 == 0 {
				key = fields.Text(v)
			} else {
				value = fields.Text(v)
			}
		})
		if key != "" {
			tags[key] = value
		}
	})
	return tags
}

// eachShape visits the elements of a list.
var eachShape = fields.New("*")

// readTags is the conversion of a fact that holds tags, which may come in pages.
func readTags(c *call, of node, key string, value []byte) {
	if tags := tagsOf(value); len(tags) > 0 {
		if object, err := json.Marshal(tags); err == nil {
			c.setAs(merges, of, key, object)
		}
	}
}
