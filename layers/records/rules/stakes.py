"""Rules for boundary lines and what stands on them."""

from __future__ import annotations

from typing import Final

from gis.errors import N_
from layers.records.context import Context
from layers.records.fields import record_field
from layers.records.rules.table import Flaws, Rule, Table, each

_LINE: Final = Rule(
    "unknown-line",
    "error",
    N_("There is no boundary line %(value)s."),
    N_("Bring in the line first, or correct its code."),
)
_NONE: Final = Rule(
    "line-missing", "warning", N_("It is not said on which boundary line it stands."), N_("Give the line's code.")
)
_NUMBER: Final = Rule(
    "number-disagrees",
    "warning",
    N_("The number %(value)s does not begin with the code of its line, %(line)s."),
    N_("Correct the number or the line."),
)
_LETTER: Final = Rule(
    "letter-disagrees",
    "warning",
    N_("The number %(value)s ends in the letter of another kind than %(kind)s."),
    N_("Correct the number or the kind."),
)
_SAME: Final = Rule(
    "sides-equal", "error", N_("Both sides of the line have the code %(value)s."), N_("Correct one of the two codes.")
)
_TITLES: Final = {choice.key: choice.title_zh for choice in record_field("stakes", "kind").choices}
_KINDS: Final = {"Q": "single", "A": "double", "B": "double", "C": "triple", "D": "triple", "E": "triple"}


def lines(table: Table, context: Context) -> Flaws:
    """Stakes and points stand on a line that there is."""
    values = table.objects("line_uuid")
    yield from _LINE.flaws(each(values, lambda uuid: uuid not in context.lines), "line_uuid", values)
    if table.layer_key == "stakes" and "line_uuid" in table:
        yield from _NONE.flaws(values == None, "line_uuid", values)  # noqa: E711


def numbers(table: Table, context: Context) -> Flaws:
    """A stake's number begins with its line's code and ends in the letter of its kind."""
    values, owners, kinds = (table.objects(name).tolist() for name in ("number", "line_uuid", "kind"))
    for row, number in enumerate(values):
        if number is None:
            continue
        line = context.lines.get(owners[row])
        # a triple stake belongs to three lines and is numbered by one of them
        if line is not None and line.code and not number.startswith(line.code) and kinds[row] != "triple":
            yield _NUMBER.flaw(row, "number", number, line=line.code)
        kind = _KINDS.get(number[-1:])
        if kind is not None and kinds[row] is not None and kind != kinds[row]:
            yield _LETTER.flaw(row, "number", number, kind=_TITLES.get(kinds[row], kinds[row]))


def sides(table: Table, _context: Context) -> Flaws:
    """A line has two different sides."""
    left, right = table.objects("left_code"), table.objects("right_code")
    yield from _SAME.flaws((left == right) & (left != None), "right_code", right)  # noqa: E711
