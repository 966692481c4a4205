"""One cell's text as a value. Each reader gives the value and, where it cannot be understood, what is wrong with it.

A reader takes a text that is neither missing nor blank, or a number; it never raises.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from collections.abc import Callable, Hashable
from typing import Any, Final

from gis.dms import parse_degrees
from gis.errors import N_
from gis.findings import Finding
from layers.records.field import RecordField
from layers.records.tables import folded
from layers.register.types import utc_text

Read = tuple[Any, Finding | None]
Reader = Callable[[Any], Read]

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
"""What no text of a register has: control characters but tab and line ends, halves of surrogate pairs, marks without
width that make equal names differ."""

DASHES: Final = frozenset({"-", "--", "—", "——", "–", "/", "\\", "无", "*", "n/a", "na", "null", "none", "#n/a", "空"})
"""How tables write that there is nothing, where a number, a day or a choice is wanted."""

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:[, ']\d{3})+(?:\.\d+)?")
_TIME: Final = r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?)?"
_DAY: Final = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*" + _TIME)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_FIRST_SERIAL: Final = dt.date(1899, 12, 30)
_UUID: Final = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_FLOATING: Final = re.compile(r"(\d+)\.0+")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_UNITS: Final = {
    "张": ("张", "床"),
    "人": ("人", "名"),
    "m": ("m", "米"),
    "km²": ("km2", "km²", "平方公里", "平方千米"),
}
_YES: Final = frozenset({"是", "t", "true", "y", "yes", "1", "1.0", "有", "√", "✓", "✔", "真", "对"})
_NO: Final = frozenset({"否", "f", "false", "n", "no", "0", "0.0", "无", "×", "x", "✗", "假", "没有", "不是"})


def shown(value: object) -> str:
    """A value for a message: at most 80 characters, nothing that a terminal or page would obey."""
    text = "".join(mark if mark.isprintable() else "�" for mark in str(value)[:81])
    return text if len(text) <= 80 else text[:79] + "…"


def _fault(rule: str, field: RecordField, value: object, template: str, advice: str, **params: object) -> Finding:
    return Finding(rule, "error", field.name, template, {"value": shown(value), **params}, advice)


def plain(value: Any) -> str:
    """The text of a cell: what a spreadsheet made a float of is a whole number again."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def text_reader(field: RecordField) -> Reader:
    """Texts: trimmed, refused where they have control characters or are too long; the text itself stays."""
    most = field.max_length

    def read(value: Any) -> Read:
        text = plain(value).strip()
        if found := CONTROL.search(text):
            return text, _fault(
                "control-character", field, value, N_("“%(value)s” has a character that cannot be seen: %(mark)s."),
                N_("Type the text anew, or clean it in the spreadsheet."), mark=f"U+{ord(found.group()):04X}",
            )  # fmt: skip
        if most is not None and len(text) > most:
            return text, _too_long(field, text)
        return text, None

    return read


def _too_long(field: RecordField, text: str) -> Finding:
    return _fault(
        "too-long", field, text, N_("The text has %(count)s characters; there is room for %(most)s."),
        N_("Shorten it; what is longer belongs into the note."), count=len(text), most=field.max_length,
    )  # fmt: skip


def code_reader(field: RecordField) -> Reader:
    """Codes: without blanks, in plain digits and letters, and not as the number that a spreadsheet made of them."""
    as_text = text_reader(field)

    def read(value: Any) -> Read:
        if isinstance(value, float) and abs(value) >= 2**53:
            return plain(value), _lost(field, value)
        text = "".join(unicodedata.normalize("NFKC", plain(value)).split()).lstrip("'`‘’")
        if whole := _FLOATING.fullmatch(text):
            return whole.group(1), None
        if _SCIENTIFIC.fullmatch(text):
            number = float(text)
            digits = len(text.lower().split("e")[0].replace(".", ""))
            if not number.is_integer() or number >= 2**53 or digits < len(str(int(number))):
                return text, _lost(field, text)
            return str(int(number)), None
        return as_text(text)

    return read


def _lost(field: RecordField, value: object) -> Finding:
    return _fault(
        "code-as-number", field, value, N_("The code was saved as the number %(value)s; digits of it are lost."),
        N_("Format the column as text in the spreadsheet and fill in the codes again."),
    )  # fmt: skip


def uuid_reader(field: RecordField) -> Reader:
    """Permanent ids."""

    def read(value: Any) -> Read:
        text = str(value).strip()
        if found := _UUID.fullmatch(text):
            return found.group(1), None
        return text, _fault(
            "not-an-id", field, value, N_("“%(value)s” is not a permanent id."),
            N_("Ids come from an export of this program; leave the cell empty for a new record."),
        )  # fmt: skip

    return read


def _number(value: Any, field: RecordField) -> float | int | None:
    """The number that a text says, whole ones exact; None where it says none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip().replace("−", "-").replace("，", ",")
    for unit in _UNITS.get(field.unit, ()):
        text = text.removesuffix(unit).rstrip()
    if _THOUSANDS.fullmatch(text):
        text = text.translate(_NO_SEPARATORS)
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("+-").isdigit() and len(text) < 40 else float(text)


_NO_SEPARATORS: Final = str.maketrans("", "", ", '")


def whole_reader(field: RecordField) -> Reader:
    """Whole numbers."""

    def read(value: Any) -> Read:
        number = _number(value, field)
        if number is None or (isinstance(number, float) and not number.is_integer()) or abs(number) >= 2**63:
            return None, _fault(
                "not-a-whole-number", field, value, N_("“%(value)s” is not a whole number."),
                N_("Write digits alone, for example 1250."),
            )  # fmt: skip
        return int(number), None

    return read


def decimal_reader(field: RecordField) -> Reader:
    """Numbers."""

    def read(value: Any) -> Read:
        number = _number(value, field)
        if number is None or not math.isfinite(number):
            return None, _fault(
                "not-a-number", field, value, N_("“%(value)s” is not a number."),
                N_("Write digits and a point, for example 12.5."),
            )  # fmt: skip
        return float(number), None

    return read


def angle_reader(field: RecordField) -> Reader:
    """Degrees, also with minutes and seconds, as forms write them."""

    def read(value: Any) -> Read:
        degrees = _number(value, field)
        if degrees is None:
            degrees = float(parse_degrees([plain(value)]).values[0])
        if not math.isfinite(degrees):
            return None, _fault(
                "not-an-angle", field, value, N_("“%(value)s” is not an angle."),
                N_("Write degrees, for example 119.1 or 119°06′00″."),
            )  # fmt: skip
        return float(degrees), None

    return read


def day_reader(field: RecordField) -> Reader:
    """Days, in all usual forms and as a spreadsheet's serial number; a year alone is none."""

    def read(value: Any) -> Read:
        text = unicodedata.normalize("NFKC", plain(value)).strip()
        day = _day(text)
        if day is not None:
            return day, None
        year = re.fullmatch(r"(\d{4})\s*年?", text) or re.fullmatch(r"(\d{4})\s*[-/.年]\s*\d{1,2}\s*月?", text)
        if year:
            return None, _fault(
                "day-incomplete", field, value, N_("“%(value)s” has no day."),
                N_("Write year, month and day, for example %(year)s-12-31."), year=year.group(1),
            )  # fmt: skip
        return None, _fault(
            "not-a-day", field, value, N_("“%(value)s” is not a day of the calendar."),
            N_("Write it as year-month-day, for example 2022-12-31."),
        )  # fmt: skip

    return read


def _day(text: str) -> str | None:
    try:
        if found := _DAY.fullmatch(text):
            year, _, month, day = found.groups()[:4]
            return dt.date(int(year), int(month), int(day)).isoformat()
        if found := _COMPACT.fullmatch(text):
            return dt.date(*map(int, found.groups())).isoformat()
        if found := _SERIAL.fullmatch(text):
            return (_FIRST_SERIAL + dt.timedelta(days=int(found.group(1)))).isoformat()
    except (ValueError, OverflowError):
        pass
    return None


def moment_reader(field: RecordField) -> Reader:
    """Moments; without a zone they are UTC."""

    def read(value: Any) -> Read:
        text = unicodedata.normalize("NFKC", str(value)).strip()
        try:
            if found := _DAY.fullmatch(text):
                return utc_text(_moment(found)), None
        except (ValueError, OverflowError):
            pass
        return None, _fault(
            "not-a-time", field, value, N_("“%(value)s” is not a time."),
            N_("Write it as 2022-12-31T08:00:00Z."),
        )  # fmt: skip

    return read


def _moment(found: re.Match[str]) -> dt.datetime:
    year, _, month, day, hour, minute, second, fraction, zone = found.groups()
    moment = dt.datetime(  # noqa: DTZ001 - the zone is put in below
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        int(f"{fraction or 0:0<6}"[:6]),
    )  # fmt: skip
    if zone in (None, "Z"):
        return moment.replace(tzinfo=dt.UTC)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    ahead = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment.replace(tzinfo=dt.timezone(-ahead if zone[0] == "-" else ahead))


def flag_reader(field: RecordField) -> Reader:
    """Yes or no."""

    def read(value: Any) -> Read:
        word = unicodedata.normalize("NFKC", str(value)).strip().casefold()
        if word in _YES or word in _NO:
            return word in _YES, None
        return None, _fault(
            "not-yes-or-no", field, value, N_("“%(value)s” is neither yes nor no."), N_("Write 是 or 否.")
        )

    return read


def choice_reader(field: RecordField) -> Reader:
    """One of a field's choices by any of its spellings; another word stays as it is."""
    known = spellings(field)
    words = "、".join(choice.title_zh for choice in field.choices)
    titles = ", ".join(choice.title_en for choice in field.choices)

    def read(value: Any) -> Read:
        text = plain(value).strip()
        key = known.get(folded(text))
        if key is not None:
            return key, None
        return text, _fault(
            "not-a-choice", field, value, N_("“%(value)s” is none of the values that there are."),
            N_("Choose one of: %(words)s."), words=words, titles=titles,
        )  # fmt: skip

    return read


def spellings(field: RecordField) -> dict[str, str]:
    """Every word by which a choice is understood, folded, to its key."""
    found: dict[str, str] = {}
    for choice in field.choices:
        for word in (choice.key, choice.title_zh, choice.title_en, *choice.spellings):
            if folded(word):
                found.setdefault(folded(word), choice.key)
    return found


def json_reader(field: RecordField) -> Reader:
    """JSON; what is none stays as the text."""

    def read(value: Any) -> Read:
        if not isinstance(value, str):
            return value, None
        try:
            return json.loads(value, parse_constant=_no_constant), None
        except (ValueError, RecursionError):
            return value, _fault(
                "not-json", field, value, N_("“%(value)s” is not written as JSON."),
                N_("Take the cell as an export of this program writes it."),
            )  # fmt: skip

    return read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def reader_of(field: RecordField) -> Reader:
    """The reader for a field's cells."""
    if field.type == "str":
        if field.name == "uuid" or field.name.endswith("_uuid"):
            return uuid_reader(field)
        if field.choices:
            return choice_reader(field)
        return code_reader(field) if field.is_code else text_reader(field)
    if field.type == "float" and field.unit == "°":
        return angle_reader(field)
    return _READERS[field.type](field)


_READERS: Final[dict[str, Callable[[RecordField], Reader]]] = {
    "int": whole_reader,
    "float": decimal_reader,
    "bool": flag_reader,
    "date": day_reader,
    "datetime": moment_reader,
    "json": json_reader,
}


class Memo(dict[Hashable, Read]):
    """What a reader said of each different cell: a column has few, or they are asked for once."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def __missing__(self, cell: Hashable) -> Read:
        found = self[cell] = self.reader(cell)
        return found
