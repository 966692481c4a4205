"""Tables of readings and generic terms: data, each row with its source."""
