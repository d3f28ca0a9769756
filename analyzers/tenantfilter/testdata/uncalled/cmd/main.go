// Command cmd makes a program of the module, which nobody imports for its queries.
package main

import "example.test/shop/uncalled/service"

func main() { _ = new(service.Service) }
