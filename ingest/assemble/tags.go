package assemble

import "encoding/json"

var tagShape = newShape("Key", "Value", "key", "value", "TagKey", "TagValue")

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
				tags[key] = text(value)
			}
			return tags
		}
	}
	eachShape.scan(raw, func(_ int, pair []byte) {
		var key, value string
		tagShape.scan(pair, func(path int, v []byte) {
			if path%2 == 0 {
				key = text(v)
			} else {
				value = text(v)
			}
		})
		if key != "" {
			tags[key] = value
		}
	})
	return tags
}

// eachShape visits the elements of a list.
var eachShape = newShape("*")

// readTags is the conversion of a fact that holds tags.
func readTags(c *call, of node, key string, value []byte) {
	if tags := tagsOf(value); len(tags) > 0 {
		if object, err := json.Marshal(tags); err == nil {
			c.set(of, key, object)
		}
	}
}
