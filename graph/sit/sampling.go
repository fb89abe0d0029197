package sit

import "time"

// Sampling is what reading a part of one datastore showed: the body of a
// Classify record, the property "sensitivity" of the datastore's node, and all
// that the analysis learns about its content. It holds no value of the data.
type Sampling struct {
	// Types is sorted by id; a type that was not seen is not listed, and Bound
	// says what that is worth.
	Types []Summary `json:"types"`
	// Locations says where the types were seen, most matches first.
	Locations []Location `json:"locations,omitempty"`
	// Objects were listed (-1: not listed), Sampled of them read, Unreadable of
	// those could not be understood.
	Objects    int64 `json:"objects"`
	Sampled    int   `json:"sampled"`
	Unreadable int   `json:"unreadable"`
	// Bytes is the size of the datastore (-1: unknown), BytesRead what was read.
	Bytes     int64 `json:"bytes"`
	BytesRead int64 `json:"bytesRead"`
	// Records estimates the rows or documents in the whole datastore (-1: unknown).
	Records int64     `json:"records"`
	ReadAt  time.Time `json:"readAt"`
	// Skipped says which objects were not read and why, shortened.
	Skipped []Skip `json:"skipped,omitempty"`
}

// Skip is an object that was not read or not understood.
type Skip struct {
	Object string `json:"object"`
	Why    string `json:"why"`
}
