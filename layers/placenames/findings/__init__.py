"""Findings of the check of place names, kept: found, brought up to date, listed, decided on, mended in batches."""

from layers.placenames.findings.decisions import decisions_on, keep, reopen, skip
from layers.placenames.findings.keeping import NotChecked, brought_up_to_date, check_all, needs_check, progress_of_check
from layers.placenames.findings.listing import Asked, Counts, Listed, Row, Work, counts, listing, of_record, work

__all__ = [
    "Asked",
    "Counts",
    "Listed",
    "NotChecked",
    "Row",
    "Work",
    "brought_up_to_date",
    "check_all",
    "counts",
    "decisions_on",
    "keep",
    "listing",
    "needs_check",
    "of_record",
    "progress_of_check",
    "reopen",
    "skip",
    "work",
]
