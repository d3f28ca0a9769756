// Package pass is covered by half.
package pass

// Half is called by a test, the other is not.
func Half() int { return 1 }

// Other is not called.
func Other() int { return 2 }
