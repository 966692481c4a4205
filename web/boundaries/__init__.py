"""Pages of boundary lines and stakes, and of the documents at them."""
