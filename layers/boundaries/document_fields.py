"""What a document at a line or a tripoint may be, and what is wrong with one that somebody gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gis.errors import N_
from layers.access import secrecy_codes
from layers.catalogue import Titled
from layers.ingest.model import Noted
from layers.records.field import Choice, RecordField
from layers.records.fields import record_fields
from layers.records.given import Looked, note, read_given

KINDS: Final[tuple[Titled, ...]] = (
    Titled("agreement", "平安边界协议", "Agreement"),
    Titled("dispute", "争议", "Dispute"),
    Titled("ruling", "批复或裁决", "Ruling"),
    Titled("landmark", "标志性设施", "Landmark"),
    Titled("other", "其他", "Other"),
)
STATES: Final[tuple[Titled, ...]] = (
    Titled("in_force", "有效", "In force"),
    Titled("open", "未决", "Open"),
    Titled("settled", "已解决", "Settled"),
    Titled("ended", "已终止", "Ended"),
)
_OF_KIND: Final[Mapping[str, frozenset[str]]] = {"dispute": frozenset({"open", "settled"})}
"""States that a kind may have, where it may not have every one."""


def _choices(titled: Iterable[Titled]) -> tuple[Choice, ...]:
    return tuple(Choice(one.key, one.title_zh, one.title_en) for one in titled)


_OF_RECORDS: Final = {field.name: field for field in record_fields("boundary-lines")}
FIELDS: Final[tuple[RecordField, ...]] = (
    RecordField("kind", "str", "类别", "Kind", required=True, choices=_choices(KINDS)),
    RecordField("title", "str", "标题", "Title", required=True, max_length=200),
    RecordField("number", "str", "文号", "Number", max_length=100),
    RecordField("dated", "date", "日期", "Dated"),
    RecordField(
        "parties",
        "str",
        "当事各方",
        "Parties",
        max_length=300,
        help=N_("All that signed or disagree, separated by a 、."),
    ),
    RecordField("state", "str", "状态", "State", choices=_choices(STATES)),
    RecordField("valid_from", "date", "起始日期", "Valid from"),
    RecordField("valid_to", "date", "终止日期", "Valid to"),
    RecordField("body", "str", "内容", "Text", max_length=20_000, long=True),
    RecordField(
        "sha256", "str", "附件", "Scan", max_length=64, help=N_("One of the pictures of the same line or tripoint.")
    ),
    RecordField("source", "str", "资料来源", "Source", max_length=200),
    RecordField("note", "str", "备注", "Note", max_length=2000, long=True),
    _OF_RECORDS["secrecy"],
    _OF_RECORDS["is_public"],
)
"""What is kept of a document, in the order in which a form asks for it."""


def looked_at(before: Mapping[str, Any], values: Mapping[str, Any], *, scans: frozenset[str], clearance: int) -> Looked:
    """A document as somebody gives it, looked at.

    Parameters
    ----------
    before
        The document as it stands, empty for a new one.
    values
        Field to value as text or as JSON has it; None and blank texts empty a field.
    scans
        Hashes of the pictures that its line or tripoint has.
    clearance
        Of who gives it: a document that they could not see any more is refused.
    """
    notes: list[Noted] = []
    state, changes = read_given(FIELDS, before, values, notes, unknown=N_("A document has no such field."))
    notes += _rules(state, scans, {one.field for one in notes})
    if int(secrecy_codes([state["secrecy"]], [state["is_public"]])[0]) > clearance:
        notes.append(
            note("secrecy", state["secrecy"], "beyond-clearance", N_("You could not see the document any more."))
        )
    return Looked(state, changes, tuple(notes))


def _rules(state: Mapping[str, Any], scans: frozenset[str], faulty: set[str]) -> Iterator[Noted]:
    for name, template in (
        ("title", N_("The document has no title.")),
        ("kind", N_("Say what kind of document it is.")),
    ):
        if not state[name] and name not in faulty:
            yield note(name, None, "required", template)
    start, end = state["valid_from"], state["valid_to"]
    if start and end and end < start:
        yield note("valid_to", end, "days-out-of-order", N_("It ends before it begins."))
    allowed = _OF_KIND.get(state["kind"] or "")
    if allowed is not None and state["state"] and state["state"] not in allowed:
        yield note(
            "state", state["state"], "state-of-another-kind", N_("A dispute is open or settled."),
            N_("Choose another state, or another kind of document."),
        )  # fmt: skip
    if state["sha256"] and state["sha256"] not in scans:
        yield note(
            "sha256", state["sha256"], "unknown-scan", N_("The line or tripoint has no such picture."),
            N_("Add the scan to its pictures first."),
        )  # fmt: skip
