"""JSON for programs and for the map page."""
