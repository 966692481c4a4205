"""Jobs: the worker that does them, and the page on which people see them."""
