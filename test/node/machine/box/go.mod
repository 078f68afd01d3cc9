module pullgate.dev/box

go 1.24
