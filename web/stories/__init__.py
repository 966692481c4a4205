"""Stories of places: pages to read and to write them."""
