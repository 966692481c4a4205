"""Tables of the check of place names; each row has its source."""
