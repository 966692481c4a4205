"""Single records saved over HTTP: forms, checks as one types, saving, closing, undo."""
