// Package form has comments that are directives, or were meant as such.
package form

//poollint:ignore newpool -- nothing is opened here
var a = 1

// poollint:ignore newpool -- a space
var b = 1

//poollint:ignore newpol -- misspelt
var c = 1

//poollint:ignore newpool
var d = 1
