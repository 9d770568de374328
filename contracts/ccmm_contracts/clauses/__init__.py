"""The contracts of a server, one function each: a module for each group."""
