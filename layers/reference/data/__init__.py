"""Files of real data; their provenance and licences are in README.md beside them."""
