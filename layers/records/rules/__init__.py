"""The rules that records are checked by, a file for each sort. A rule takes the whole table and gives its flaws."""
