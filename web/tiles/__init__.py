"""Vector tiles over HTTP."""
