"""What the check of place names has found, as a list for a person: in words, filtered, written as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter
from sqlalchemy import Connection

from gis.errors import N_, Invalid
from layers.access import ADMINISTRATOR, Reader, secrecy_codes, visible
from layers.catalogue import layer_named
from layers.export.package import deliver, workshop
from layers.placenames.checking import Checked, check_places, facts_of, read_orphans, read_places
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Rule
from layers.records import Context
from layers.register import Register

Translate = Callable[[str, Mapping[str, object]], str]
"""A text of the program with its places filled, in the reader's language."""

FORMS: Final = ("csv", "xlsx")
_HEADS: Final = (
    (N_("Rule"), 22), (N_("Rule in words"), 26), (N_("Severity"), 10), (N_("Name"), 24), (N_("County"), 12),
    (N_("Town"), 16), (N_("Class code"), 10), (N_("Field"), 14), (N_("Value"), 24), (N_("What is wrong"), 50),
    (N_("What to do"), 40), (N_("Proposed"), 36), (N_("To choose from"), 36), (N_("Where it is written"), 36),
    (N_("Record id"), 38), (N_("Other records"), 40),
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CELL: Final = 32_000
"""A cell of a workbook holds 32,767 characters."""


class UnknownRule(Invalid):
    """A key that no rule of the check has."""

    code = "unknown-rule"


class UnknownCounty(Invalid):
    """A code that no county of the register has."""

    code = "unknown-county"


class UnknownList(Invalid):
    """A list that can be written in no such form."""

    code = "unknown-list"


@dataclass(frozen=True)
class Entry:
    """One finding with the record that it is about: name, class, names of county and town."""

    rule: Rule
    checked: Checked
    name: str
    class_code: str
    county_code: str
    county: str
    town: str


@dataclass(frozen=True)
class Checklist:
    """The findings that a reader may see, and how many records were looked at and findings kept from the reader."""

    entries: tuple[Entry, ...]
    records: int
    hidden: int

    def counts(self) -> list[tuple[Rule, int, int]]:
        """Rules with a finding, in the order of the book: how many, and how many of them with a proposal."""
        found: dict[str, list[int]] = {}
        for entry in self.entries:
            flaw = entry.checked.flaw
            both = found.setdefault(entry.rule.key, [0, 0])
            both[0] += 1
            both[1] += bool(flaw.fix or flaw.candidates)
        return [(rule, *found[key]) for key, rule in RULES.items() if key in found]  # type: ignore[misc]


def checklist(
    register: Register, connection: Connection, *, reader: Reader, rules: Sequence[str] = (), county: str = ""
) -> Checklist:
    """Check all names and list what a reader may see of it.

    Parameters
    ----------
    reader
        Findings at a record that the reader may not see, or that name one, are left out.
    rules
        Keys of the rules that are asked; all when empty.
    county
        Code of the county whose findings are listed; all are compared with one another all the same.

    Raises
    ------
    UnknownRule, UnknownCounty
    """
    asked = _rules(rules)
    context = Context.read(register, connection, reader=ADMINISTRATOR)
    if county and context.divisions.level_of(county) != "county":
        raise UnknownCounty(
            N_("The register has no county %(code)s."), hint=N_("A county's code has six digits."), code=county[:20]
        )
    places = read_places(register, connection)
    facts = facts_of(places, context, read_orphans(connection))
    closed = _closed(register, connection, reader)
    entries: list[Entry] = []
    hidden = 0
    for one in check_places(places, facts, rules=asked):
        entry = _entry(one, places, facts)
        if county and entry.county_code != county:
            continue
        # what belongs to no place has nobody to say who may see it
        orphan = one.layer not in ("place-names", "divisions") and reader.clearance == 0
        if orphan or one.uuid in closed or not closed.isdisjoint(one.flaw.others):
            hidden += 1
        else:
            entries.append(entry)
    return Checklist(tuple(entries), len(places), hidden)


def _rules(keys: Sequence[str]) -> list[Rule]:
    unknown = [key for key in keys if key not in RULES]
    if unknown:
        raise UnknownRule(
            N_("There is no rule “%(key)s”."),
            hint=N_("There are: %(keys)s."),
            key=unknown[0][:40],
            keys=", ".join(RULES),
        )
    return [rule for key, rule in RULES.items() if not keys or key in keys]


def _closed(register: Register, connection: Connection, reader: Reader) -> frozenset[str]:
    """Uuids of names and codes of divisions that the reader may not see."""
    found: set[str] = set()
    for table, key in (("place", "uuid"), ("division", "code")):
        frame = register.frame(connection, table, columns=[key, "county_code", "secrecy", "is_public"])
        secrecy = [word if isinstance(word, str) else None for word in frame["secrecy"].tolist()]
        levels = secrecy_codes(secrecy, frame["is_public"].tolist())
        if not levels.any():
            continue
        counties = np.array([code if isinstance(code, str) else "" for code in frame["county_code"].tolist()])
        closed = ~visible(levels, counties, reader=reader)
        found |= set(frame[key][closed].dropna().tolist())
    return frozenset(found)


def _entry(one: Checked, places: Places, facts: Facts) -> Entry:
    row = one.flaw.row
    if row >= 0:
        county, town = places["county_code"][row] or "", places["town_code"][row] or ""
        name, kind = places["name"][row] or "", places["class_code"][row] or ""
    else:
        at = facts.divisions.row_of.get(one.uuid, -1) if one.layer == "divisions" else -1
        county = facts.divisions.county[at] if at >= 0 else ""
        town = facts.divisions.town[at] if at >= 0 else ""
        name, kind = facts.divisions.name[at] if at >= 0 else one.flaw.value, ""
    return Entry(one.rule, one, name, kind, county, facts.name_of(county), facts.name_of(town))


def write_checklist(found: Checklist, target: Path, *, language: str, translate: Translate, form: str = "") -> Path:
    """Write the list as a table.

    Parameters
    ----------
    target
        The file; replaced in one step when all is written.
    form
        One of `FORMS`; "" for what the target's ending says.

    Raises
    ------
    UnknownList, layers.export.CannotWrite
    """
    chosen = form or target.suffix.lower().lstrip(".")
    if chosen not in FORMS:
        raise UnknownList(
            N_("“%(path)s” must end with .csv or .xlsx."), hint=N_("The ending says what to write."), path=target.name
        )
    with workshop(target.absolute()) as folder:
        made = folder / f"check.{chosen}"
        if chosen == "csv":
            made.write_text(as_csv(found, language=language, translate=translate), encoding="utf-8-sig", newline="")
        else:
            _workbook(made, found, language, translate)
        deliver(made, target)
    return target


def as_csv(found: Checklist, *, language: str, translate: Translate) -> str:
    """The list as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([translate(head, {}) for head, _ in _HEADS])
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(found, language, translate))
    return text.getvalue()


def _rows(found: Checklist, language: str, translate: Translate) -> Iterator[tuple[str, ...]]:
    fields = layer_named("place-names").fields
    titles = {field.name: field.title_zh if language == "zh" else field.title_en for field in fields}
    for entry in found.entries:
        rule, flaw = entry.rule, entry.checked.flaw
        params = {"value": flaw.value, **flaw.params}
        yield (
            rule.key,
            rule.title_zh if language == "zh" else rule.title_en,
            translate(_SEVERITIES[rule.severity], {}),
            entry.name,
            entry.county,
            entry.town,
            entry.class_code,
            titles.get(flaw.field, flaw.field),
            flaw.value,
            translate(rule.template, params),
            translate(rule.advice, {}),
            _ways([flaw.fix] if flaw.fix else [], titles),
            _ways(flaw.candidates, titles),
            rule.clause,
            entry.checked.uuid,
            " ".join(flaw.others),
        )


_SEVERITIES: Final = {"error": N_("error"), "warning": N_("warning"), "info": N_("information")}


def _ways(ways: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    each = ("; ".join(f"{titles.get(field, field)} = {value or ''}" for field, value in way.items()) for way in ways)
    return " | ".join(each)


def _harmless(cell: str) -> str:
    """A text that a spreadsheet would take for a formula, marked as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _workbook(path: Path, found: Checklist, language: str, translate: Translate) -> None:
    options = {
        "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        sheet = book.add_worksheet(translate(N_("Findings"), {})[:31])
        sheet.freeze_panes(1, 0)
        for place, (title, width) in enumerate(_HEADS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, translate(title, {}), head)
        for number, row in enumerate(_rows(found, language, translate), start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:_CELL])
        if found.entries:
            sheet.autofilter(0, 0, len(found.entries), len(_HEADS) - 1)
