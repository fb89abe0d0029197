// Package resolver answers the root fields of the schema: it finds the view a
// question is about and asks it. What changes something checks the role first.
//
// It holds no state and knows neither HTTP nor stores: a [Source] gives it
// views and takes marks.
package resolver
