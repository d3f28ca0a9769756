package main

import (
	"net/http"

	"gorm.io/gorm"

	"example.test/shop/layers/handler"
	"example.test/shop/layers/repository"
	"example.test/shop/layers/service"
)

func main() {
	h := handler.New(service.New(repository.New(&gorm.DB{})))
	http.HandleFunc("/delete", h.Delete)
	http.HandleFunc("/void", h.Void)
}
