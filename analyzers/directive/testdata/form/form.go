// Package form has comments that are directives, or were meant as such.
package form

import _ "database/sql" // without a library, nothing is there to find

// want +1 `^the directive silences no finding of newpool; remove it$`
//poollint:ignore newpool -- nothing is opened here
var a = 1

// want +1 `^this silences nothing; write //poollint:ignore newpool -- a space$`
// poollint:ignore newpool -- a space
var b = 1

// want +1 `^there is no rule newpol; did you mean newpool\?$`
//poollint:ignore newpol -- misspelt
var c = 1

// want +1 `^the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason$`
//poollint:ignore newpool
var d = 1

// want +1 `^the directive names no rule; write //poollint:ignore RULE -- reason$`
//poollint:ignore -- legacy
var e = 1
