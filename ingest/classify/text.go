package classify

import (
	"bytes"
	"io"

	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// block is how much text is looked at in one go.
const block = 512 << 10

// text reads plain text of any length in constant memory. Offsets and matches
// do not depend on how the reader delivers it.
func (s *session) text(r io.Reader) error {
	return s.stream(r, block)
}

func (s *session) stream(r io.Reader, block int) error {
	var (
		buf           = make([]byte, 0, block+detect.LookAhead+8<<10)
		base, next    int // offset of buf in the text; where to go on in buf
		counted, line = 0, 1
		end           bool
		failed        error // of r; what came before is still looked at
	)
	s.scanner.Begin()
	for {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		for !end && len(buf)-next < block+detect.LookAhead {
			if len(buf) == cap(buf) {
				grown := make([]byte, len(buf), 2*cap(buf))
				copy(grown, buf)
				buf = grown
			}
			n, err := r.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
			s.report.Bytes += int64(n)
			if err != nil {
				end = true
				if err != io.EOF {
					failed = err
				}
			}
		}
		limit, settled := len(buf), len(buf)
		if !end {
			limit -= detect.LookAhead
		}
		if limit > next {
			next = s.scanner.Part(buf, nil, next, limit)
		}
		if !end {
			settled = next - detect.LookBehind
		}
		for _, h := range s.scanner.Settled(settled) {
			if h.Score < s.classifier.least {
				continue
			}
			line += bytes.Count(buf[counted:h.Start], newline)
			counted = h.Start
			if err := s.found(buf, h, base, place{-1, -1, line, ""}); err != nil {
				return err
			}
		}
		if end {
			return failed
		}
		keep := min(s.scanner.Waiting(next), next-2*detect.LookBehind)
		if keep > 0 {
			if keep > counted {
				line += bytes.Count(buf[counted:keep], newline)
				counted = keep
			}
			buf = buf[:copy(buf, buf[keep:])]
			s.scanner.Shift(keep)
			base, next, counted = base+keep, next-keep, counted-keep
		}
	}
}
