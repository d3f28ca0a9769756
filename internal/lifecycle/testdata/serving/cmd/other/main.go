//go:build other

package main

import "example.com/serving/internal/tagged"

func main() { tagged.Open("") }
