// The least that a program in ES modules can be.
