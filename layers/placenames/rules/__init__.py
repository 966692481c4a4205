"""The rules that place names are checked by: each one small function over all names at once.

`layers.placenames.rules.book` has the list; a rule's key, severity, source and title stand beside its function.
"""
