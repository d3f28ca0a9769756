module example.test/served

go 1.26.0

require (
	github.com/gin-gonic/gin v1.0.0
	github.com/go-chi/chi/v5 v5.0.0
	github.com/gofiber/fiber/v2 v2.0.0
	github.com/gorilla/mux v1.0.0
	github.com/labstack/echo/v4 v4.0.0
)

// Only what the tests use of them.
replace (
	github.com/gin-gonic/gin => ./gin
	github.com/go-chi/chi/v5 => ./chi
	github.com/gofiber/fiber/v2 => ./fiber
	github.com/gorilla/mux => ./mux
	github.com/labstack/echo/v4 => ./echo
)
