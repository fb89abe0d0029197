package detect

// keyword is one entry of the index: what follows the first letters, and what
// it speaks for.
type keyword struct {
	text  string
	kinds kindSet
}

// wholeWord: keywords up to this length must be whole words.
const wholeWord = 6

// firstLetters is a set of the first three letters of keywords, five bits
// each; two of them where the keyword has no more.
type firstLetters struct {
	three [1 << 15 / 64]uint64
	two   [1 << 10 / 64]uint64
}

func (f *firstLetters) add(text string) {
	a, b := int(text[0]&31), int(text[1]&31)
	if len(text) == 2 || text[2] == ' ' {
		f.two[(a<<5|b)>>6] |= 1 << ((a<<5 | b) & 63)
		return
	}
	k := a<<10 | b<<5 | int(text[2]&31)
	f.three[k>>6] |= 1 << (k & 63)
}

// may reports whether a keyword can start at i.
func (f *firstLetters) may(text []byte, i int) bool {
	if i+1 >= len(text) {
		return false
	}
	k := int(text[i]&31)<<5 | int(text[i+1]&31)
	if i+2 >= len(text) || class[text[i+2]]&(alnum|high) == 0 {
		return f.two[k>>6]&(1<<(k&63)) != 0
	}
	k3 := k<<5 | int(text[i+2]&31)
	if f.three[k3>>6]&(1<<(k3&63)) != 0 {
		return true
	}
	// A keyword of two letters before a capital or a plural.
	return f.two[k>>6]&(1<<(k&63)) != 0 && class[text[i+2]]&upper != 0
}

// keywordIndex finds keywords by their first three letters; keywordStart
// dismisses nearly every word before.
var keywordStart, keywordIndex = func() (*firstLetters, map[uint32][]keyword) {
	start, index := &firstLetters{}, map[uint32][]keyword{}
	for id, list := range keywordLists {
		for _, text := range list {
			key := keywordKey([]byte(text))
			start.add(text)
			at := -1
			for i := range index[key] {
				if index[key][i].text == text {
					at = i
				}
			}
			if at < 0 {
				index[key] = append(index[key], keyword{text: text})
				at = len(index[key]) - 1
			}
			index[key][at].kinds.add(kind(id))
		}
	}
	return start, index
}()

// keywordKey packs the first three bytes; a keyword of two has a zero third.
func keywordKey(b []byte) uint32 {
	key := uint32(lowerByte(b[0]))<<16 | uint32(lowerByte(b[1]))<<8
	if len(b) > 2 && isWord(b[2]) && b[2] != '_' {
		key |= uint32(lowerByte(b[2]))
	}
	return key
}

// eachKeyword finds the keywords that start in the word [i,j): at its start,
// behind underscores, at upper case letters behind lower case, and at every
// character of a script without letters of our own.
func eachKeyword(text []byte, i, j int, found func(start, end int, kinds *kindSet)) {
	for at := i; at+1 < j; at++ {
		if at > i {
			c, before := class[text[at]], class[text[at-1]]
			switch {
			case before&under != 0:
			case c&upper != 0 && before&(lower|digit) != 0:
			case c&high != 0 && text[at] >= 0xC0:
			default:
				continue
			}
		}
		if !keywordStart.may(text, at) {
			continue
		}
		for k := range 2 {
			key := keywordKey(text[at:j])
			if k == 1 { // keywords of two letters
				if key&0xFF == 0 {
					break
				}
				key &^= 0xFF
			}
			list := keywordIndex[key]
			for n := range list {
				if end := matchKeyword(text, at, list[n].text); end > 0 {
					found(at, end, &list[n].kinds)
				}
			}
		}
	}
}

// matchKeyword compares a keyword at i: a space in it stands for any few marks
// or for none. It returns the end, or 0.
func matchKeyword(text []byte, i int, keyword string) int {
	k := 0
	for ; k < len(keyword); k++ {
		if keyword[k] == ' ' {
			for gap := 0; i < len(text) && (!isWord(text[i]) || text[i] == '_'); i++ {
				if gap++; gap > 3 {
					return 0
				}
			}
			continue
		}
		if i >= len(text) || lowerByte(text[i]) != keyword[k] {
			return 0
		}
		i++
	}
	if len(keyword) <= wholeWord && i < len(text) {
		c := class[text[i]]
		split := c&upper != 0 && class[text[i-1]]&(lower|digit) != 0
		if c&(alnum|high) != 0 && !split && !(c&high != 0 && class[text[i-1]]&high != 0) {
			// A plural is fine: "cards", "phones".
			if text[i]|0x20 != 's' || i+1 < len(text) && class[text[i+1]]&(alnum|high) != 0 || len(keyword) < 4 {
				return 0
			}
		}
	}
	return i
}
