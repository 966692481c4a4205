"""Files that people bring in: sent, understood, checked, imported."""
