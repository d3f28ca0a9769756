module example.com/wrappers

go 1.26.0

require example.org/library v0.0.0

replace example.org/library => ./library
