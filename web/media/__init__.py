"""Pictures and sounds over HTTP."""
