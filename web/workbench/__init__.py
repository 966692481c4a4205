"""The workbench of the clerks: the worklist, one record at a time, many records at once."""
