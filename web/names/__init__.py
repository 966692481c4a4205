"""The names of a place over HTTP."""
