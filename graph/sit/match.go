package sit

// Match is one occurrence of a type. Offsets count bytes in the decoded text
// of the file, or in the cell or field where Field is set.
type Match struct {
	Type ID `json:"type"`
	// Field is the column name or JSON path; empty in plain text.
	Field string `json:"field"`
	// Record counts rows or documents from 0; Line counts from 1.
	Record     int        `json:"record"`
	Line       int        `json:"line"`
	Start      int        `json:"start"`
	End        int        `json:"end"`
	Score      int        `json:"score"`
	Confidence Confidence `json:"confidence"`
}
