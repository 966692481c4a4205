"""Procedures for place names over HTTP: applications and what is due, what hangs on a name, the rural pilot."""
