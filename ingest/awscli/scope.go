package awscli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// scope is what is known about the files of one account's folder.
type scope struct {
	account string
	region  string // of files that do not lie in a region's folder
}

var (
	ownerID   = regexp.MustCompile(`"(?:OwnerId|AWSAccountId|registryId)"\s*:\s*"([0-9]{12})"`)
	arnOwner  = regexp.MustCompile(`"arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]*):([0-9]{12}):`)
	zone      = regexp.MustCompile(`"AvailabilityZone(?:Name)?"\s*:\s*"([a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]"`)
	callerARN = regexp.MustCompile(`"Account"\s*:\s*"([0-9]{12})"`)
)

// infer works out what the paths of a folder's files leave open: the account
// from get-caller-identity, else the owner that most replies name; the region
// only where all replies agree on one.
func infer(fsys fs.FS, files []file) scope {
	s := scope{account: files[0].at.account}
	needRegion := slices.ContainsFunc(files, func(f file) bool { return f.at.region == "" })
	if s.account != "" && !needRegion {
		return s
	}
	for _, f := range files {
		if s.account == "" && f.named && f.call.service == "sts" && f.call.operation == "GetCallerIdentity" {
			s.account = callerAccount(fsys, f.name)
		}
	}
	owners, regions := map[string]int{}, map[string]int{}
	if s.account == "" || needRegion {
		for _, f := range files {
			text, err := fs.ReadFile(fsys, f.name)
			if err != nil {
				continue // reported when the file is read
			}
			count(text, owners, regions, s.account == "")
			if m := callerARN.FindSubmatch(text); s.account == "" && m != nil && bytes.Contains(text, []byte(`"UserId"`)) {
				s.account = string(m[1])
			}
		}
	}
	if s.account == "" {
		s.account = mostFrequent(owners)
	}
	if len(regions) == 1 {
		s.region = mostFrequent(regions)
	}
	return s
}

func callerAccount(fsys fs.FS, name string) string {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return ""
	}
	var identity struct{ Account string }
	if json.Unmarshal(text, &identity) != nil {
		return ""
	}
	return identity.Account
}

func count(text []byte, owners, regions map[string]int, alsoOwners bool) {
	for _, m := range zone.FindAllSubmatch(text, -1) {
		regions[string(m[1])]++
	}
	for _, m := range arnOwner.FindAllSubmatch(text, -1) {
		if len(m[1]) > 0 && region.Match(m[1]) {
			regions[string(m[1])]++
		}
		if alsoOwners {
			owners[string(m[2])]++
		}
	}
	if alsoOwners {
		for _, m := range ownerID.FindAllSubmatch(text, -1) {
			owners[string(m[1])]++
		}
	}
}

func mostFrequent(counts map[string]int) string {
	names := slices.Sorted(maps.Keys(counts))
	if len(names) == 0 {
		return ""
	}
	return slices.MaxFunc(names, func(a, b string) int { return cmp.Or(counts[a]-counts[b], strings.Compare(b, a)) })
}

// regional names the region a reply belongs to: "global" for services that
// have none.
func regional(service, region string) string {
	switch service {
	case "iam", "sts", "organizations", "cloudfront", "route53", "s3", "s3control", "globalaccelerator", "account", "directconnect":
		return "global"
	}
	return region
}
