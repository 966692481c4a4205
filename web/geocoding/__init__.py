"""Addresses to places: the page, the API, the file to take away."""
