package report

// null is a field that may be null, and why it is.
type null struct {
	field, why string
	is         bool
}

// nulls are the reasons of the fields that are null; nil where none is.
func nulls(fields ...null) map[string]string {
	var why map[string]string
	for _, f := range fields {
		if !f.is {
			continue
		}
		if why == nil {
			why = map[string]string{}
		}
		why[f.field] = f.why
	}
	return why
}
