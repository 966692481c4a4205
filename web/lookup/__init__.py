"""The ministry's public lookup, answered by this register."""
