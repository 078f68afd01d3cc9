// Box is the program inside test images. It sleeps until it is told to stop; "box exit 3" ends with 3 at once, "box ls DIR" tells first
// what is in a folder.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
)

func main() {
	fmt.Println("box runs on", runtime.GOOS+"/"+runtime.GOARCH, os.Args[1:])
	if len(os.Args) > 2 && os.Args[1] == "exit" {
		code, _ := strconv.Atoi(os.Args[2])
		os.Exit(code)
	}
	if len(os.Args) > 2 && os.Args[1] == "ls" {
		entries, err := os.ReadDir(os.Args[2])
		fmt.Println(entries, err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}
