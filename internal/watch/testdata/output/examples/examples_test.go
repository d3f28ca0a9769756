package examples

import "fmt"

func Example() {
	fmt.Println("hello")
	// Output: hello
}

func Example_wrong() {
	fmt.Println("hello")
	// Output: goodbye
}
