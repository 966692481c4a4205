"""The registration form as a workbook, out and back: names are taken along, worked on offline, and merged again.

`write_book` writes what is filtered; `merge_book` compares a worked-on file with what was taken along and with what the
register holds by now; `apply_merge` writes what was changed, all of it in one transaction or nothing.
"""

from layers.placenames.formbook.applying import Applied, apply_merge
from layers.placenames.formbook.exporting import Written, write_book
from layers.placenames.formbook.merging import Clash, Difference, Merge, NotAFormBook, merge_book

__all__ = [
    "Applied",
    "Clash",
    "Difference",
    "Merge",
    "NotAFormBook",
    "Written",
    "apply_merge",
    "merge_book",
    "write_book",
]
