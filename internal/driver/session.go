package driver

// A Session keeps in memory what runs of one process with the same options have in common.
type Session struct{}
