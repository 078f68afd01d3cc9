// Nothing: with a file of assembly beside it, the compiler takes functions without a body, which main.go links to.
