"""What has changed, by whom and why, field by field; and how a change is taken back as a new one.

`changes` reads the change log for a reader: single changes, and those of one transaction (an import) folded into one
entry. `undo` and `undo_batch` write the earlier values back where nothing has come in between.
"""

from layers.history.asking import Entry, Page, Query, changes
from layers.history.states import FieldChange, Moved
from layers.history.undo import UndoConflict, Undone, undo, undo_batch

__all__ = [
    "Entry",
    "FieldChange",
    "Moved",
    "Page",
    "Query",
    "UndoConflict",
    "Undone",
    "changes",
    "undo",
    "undo_batch",
]
