"""Single records added, changed, moved, closed and opened again: checked first, never over another's work.

A `Draft` is what somebody wants; `examined` says what of it cannot stand and what follows from it; `add`, `change`,
`close` and `reopen` write it with everything that hangs on it, in one transaction.
"""

from layers.editing.conflict import EditConflict, FieldClash
from layers.editing.draft import KEEP, BadDraft, Draft, draft_from_json
from layers.editing.examining import Examined, Refused, examined
from layers.editing.form import Form, Option, form
from layers.editing.saving import Saved, add, change, close, reopen

__all__ = [
    "KEEP",
    "BadDraft",
    "Draft",
    "EditConflict",
    "Examined",
    "FieldClash",
    "Form",
    "Option",
    "Refused",
    "Saved",
    "add",
    "change",
    "close",
    "draft_from_json",
    "examined",
    "form",
    "reopen",
]
