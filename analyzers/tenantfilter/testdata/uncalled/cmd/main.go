// Command cmd makes a program of the module, which nobody imports for its queries.
package main

import (
	"net/http"

	"example.test/shop/uncalled/port"
	"example.test/shop/uncalled/service"
	"example.test/shop/uncalled/store"
)

func main() {
	_ = new(service.Service)
	_ = service.NewRunner(nil)
	_, _ = &service.Filler{}, new(service.Zero)
	var pointed *service.Pointed
	_ = pointed
	h := &port.Handler{Invoices: new(store.Store)}
	http.HandleFunc("/mark", h.Mark)
	http.HandleFunc("/rename", h.Rename)
}
