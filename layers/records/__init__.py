"""What a record may hold: its fields, how texts become values, what is wrong with them.

``record_fields(layer)`` says what there is; `parse` turns texts into the register's values; `check` finds what cannot
stand (errors) and what is doubtful (warnings). One row takes the same way as fifty thousand.
"""

from layers.records.checking import check
from layers.records.context import Context
from layers.records.field import Choice, RecordField, Subject
from layers.records.fields import SUBJECTS, record_field, record_fields
from layers.records.parsing import Parsed, parse

__all__ = [
    "SUBJECTS",
    "Choice",
    "Context",
    "Parsed",
    "RecordField",
    "Subject",
    "check",
    "parse",
    "record_field",
    "record_fields",
]
