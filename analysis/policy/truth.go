package policy

// Truth is a three-valued answer. Maybe means that what is known about the
// request does not decide.
type Truth uint8

// Truth values, ordered so that min is AND and max is OR.
const (
	False Truth = iota
	Maybe
	True
)

func (t Truth) String() string { return [...]string{"false", "maybe", "true"}[t] }

// Not negates: Maybe stays Maybe.
func (t Truth) Not() Truth { return True - t }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}
