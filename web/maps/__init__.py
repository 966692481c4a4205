"""The map page and what it needs."""
