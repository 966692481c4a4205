"""What the registration form asks of a place beyond its name, by its class: a reservoir's capacity, a bridge's load.

The table beside this module says which class has which. It is reconstructed and to be confirmed by the office: data,
not code. A place's attributes are one JSON object, key to value; a class's own rows are those whose prefix its code
begins with.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from gis.errors import N_

AttributeType = Literal["str", "int", "float", "choice"]
_LONGEST_TEXT: Final = 500


@dataclass(frozen=True)
class Choice:
    """One of the values that an attribute may have."""

    key: str
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class Attribute:
    """One attribute of a class.

    Parameters
    ----------
    minimum, maximum
        Of a number, None without a limit; of a text ``maximum`` is its length.
    source
        Where the row comes from, and whether it is confirmed.
    """

    key: str
    title_zh: str
    title_en: str
    type: AttributeType
    unit: str
    minimum: float | None
    maximum: float | None
    choices: tuple[Choice, ...]
    source: str

    def title(self, language: str) -> str:
        """The title in a language, ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en


@dataclass(frozen=True)
class Fault:
    """What is wrong with one attribute; ``key`` is empty where the whole object is none."""

    key: str
    rule: str
    template: str
    advice: str
    params: Mapping[str, Any]


def classes_with_attributes() -> Mapping[str, tuple[Attribute, ...]]:
    """The whole table: prefix of class codes to attributes, in the form's order."""
    return _table()


@cache
def attributes_of(class_code: str | None) -> tuple[Attribute, ...]:
    """The attributes of a class, those of a wider class first; empty where its form asks for none."""
    found: dict[str, Attribute] = {}
    for prefix in sorted(_table(), key=len):
        if class_code and class_code.startswith(prefix):
            found |= {one.key: one for one in _table()[prefix]}
    return tuple(found.values())


def faults(class_code: str | None, value: object) -> Iterator[Fault]:
    """What cannot stand in a place's attributes.

    Parameters
    ----------
    class_code
        Of the place, five digits; None where it has none, and then no attribute is known.
    value
        The attributes as JSON has them; None and an empty object are both none at all.
    """
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield Fault(
            "", "attributes-no-object", N_("The attributes are no object of keys and values."),
            N_("Fill in the fields of the class."), {},
        )  # fmt: skip
        return
    known = {one.key: one for one in attributes_of(class_code)}
    for key, given in value.items():
        if str(key) not in known:
            yield Fault(
                str(key)[:40], "attribute-unknown", N_("Places of this class have no attribute “%(key)s”."),
                N_("Take it out, or correct the class."), {"key": str(key)[:40]},
            )  # fmt: skip
        elif (wrong := _fault(known[str(key)], given)) is not None:
            yield wrong


def _fault(one: Attribute, given: object) -> Fault | None:
    titles = {"title": one.title_zh, "title_en": one.title_en, "given": str(given)[:60]}
    if one.type == "choice":
        if any(given == choice.key for choice in one.choices):
            return None
        words = "、".join(choice.title_zh for choice in one.choices)
        return Fault(
            one.key, "attribute-no-choice", N_("“%(given)s” is none of the values that “%(title)s” may have."),
            N_("Choose one of: %(words)s."), {**titles, "words": words},
        )  # fmt: skip
    if one.type == "str":
        most = int(one.maximum or _LONGEST_TEXT)
        if isinstance(given, str) and len(given) <= most:
            return None
        return Fault(
            one.key, "attribute-no-text", N_("“%(title)s” is a text of at most %(most)s characters."),
            N_("Shorten it."), {**titles, "most": most},
        )  # fmt: skip
    number = given if isinstance(given, (int, float)) and not isinstance(given, bool) else None
    if number is None or not math.isfinite(number) or (one.type == "int" and not float(number).is_integer()):
        template = (
            N_("“%(given)s” is not a whole number, as “%(title)s” is.")
            if one.type == "int"
            else N_("“%(given)s” is not a number, as “%(title)s” is.")
        )
        return Fault(one.key, "attribute-no-number", template, N_("Write digits alone, for example 1250."), titles)
    low, high = one.minimum, one.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        limits = {"low": "−∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
        return Fault(
            one.key, "attribute-out-of-range",
            N_("“%(title)s” is %(given)s; it lies from %(low)s to %(high)s %(unit)s."),
            N_("Look at the unit and the decimal point."), {**titles, **limits, "unit": one.unit},
        )  # fmt: skip
    return None


@cache
def _table() -> Mapping[str, tuple[Attribute, ...]]:
    text = resources.files("layers.placenames.data").joinpath("attributes.csv").read_text("utf-8")
    found: dict[str, list[Attribute]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        choices = tuple(Choice(*word.split(":")) for word in row["choices"].split("|") if word)
        kind: AttributeType = row["type"]  # type: ignore[assignment]
        found.setdefault(row["prefix"], []).append(
            Attribute(
                row["key"],
                row["title_zh"],
                row["title_en"],
                kind,
                row["unit"],
                _limit(row["min"]),
                _limit(row["max"]),
                choices,
                row["source"],
            )
        )
    return {prefix: tuple(some) for prefix, some in found.items()}


def _limit(text: str) -> float | None:
    return float(text) if text else None
