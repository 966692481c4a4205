"""Changes: the page that shows them, the same as JSON, and taking one back."""
