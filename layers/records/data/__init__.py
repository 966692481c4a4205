"""Words that files use: choices, headings and patterns, each row with its source."""
