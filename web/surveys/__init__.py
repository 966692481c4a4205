"""Files from the field over HTTP: sent in pieces, read as jobs, shown."""
