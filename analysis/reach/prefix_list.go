package reach

import "github.com/cairn-security/cairn/analysis/reach/headerspace"

// prefixList is a managed or AWS prefix list with its entries.
type prefixList struct {
	origin
	name    string
	addrs   addrs
	unread  bool // described, but its entries were not read
	account string
}

func (b *Builder) addPrefixLists() {
	for _, it := range b.items[kindPrefixList] {
		doc := prefixListDoc{}
		if !b.decode(it, &doc) {
			continue
		}
		if raw := it.props["entries"]; raw != nil {
			b.decodeProp(it, "entries", &doc.Entries)
		}
		list := prefixList{origin: it.origin, name: doc.PrefixListName, account: it.account}
		cidrs := doc.Cidrs
		for _, e := range doc.Entries {
			cidrs = append(cidrs, e.Cidr)
		}
		var all []headerspace.AddrRange
		for _, c := range cidrs {
			set, err := headerspace.ParsePrefix(c)
			if err != nil {
				b.problem("prefix list %s: %v", doc.PrefixListId, err)
				continue
			}
			all = append(all, set...)
		}
		list.addrs = headerspace.NewSet(all...)
		list.unread = doc.Cidrs == nil && doc.Entries == nil
		if list.unread && list.name == originFacing {
			list.addrs = headerspace.One(unreadCloudFront)
		}
		// One list may be described twice, once without its entries.
		if old, ok := b.est.prefixLists[doc.PrefixListId]; ok && !old.unread && list.unread {
			continue
		}
		b.est.prefixLists[doc.PrefixListId] = list
	}
}

// prefixes returns the addresses of a prefix list, or why they are not known.
func (e *Estate) prefixes(id, account, region string) (addrs, string) {
	l, ok := e.prefixLists[id]
	if ok && !l.unread {
		return l.addrs, ""
	}
	return l.addrs, e.unread("entries of prefix list", id, "GetManagedPrefixListEntries", account, region)
}
