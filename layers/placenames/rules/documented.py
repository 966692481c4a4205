"""The rules of the check of place names as a page; ``python -m layers.placenames.rules.documented`` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from layers.placenames.rules.book import RULES
from layers.placenames.rules.lists import shipped_scopes, words
from layers.placenames.rules.rule import Rule
from layers.reference.demonstration.flaws import COUNTS, NOT_SEEDED

_SEVERITIES: Final = {"error": "error 错误", "warning": "warning 警告", "info": "information 提示"}
_REACHES: Final = {
    "row": "each record by itself",
    "group": "records together with those of their group",
    "register": "the register as a whole",
}
_PROPOSED: Final = {
    "mandatory-missing": "the romanization (to choose where the reading is open), 现今 for what nothing ended, the "
    "beginning of a description",
    "class-unknown": "the major class of the record's class",
    "code-form": "the code of its division and class with the next free serial",
    "code-missing": "the code of its division and class with the next free serial",
    "code-division": "the code of its division and class with the next free serial",
    "code-class": "the code of its division and class with the next free serial",
    "code-duplicate": "the next free code for all but the record that was registered first",
    "outside-division": "to choose: the county in which it lies",
    "dates-out-of-order": "to choose: the two years exchanged",
    "usage-disagrees": "to choose: 历史, or no year of its end",
    "generic-missing": "the parts, where the name ends in a known generic part",
    "parts-disagree": "the parts that make up the name",
    "nonstandard-character": "the simplified form; to choose: the standard form of a variant character",
    "odd-ending": "the usual ending; to choose where several may be meant",
    "romanization-differs": "the spelling by the rules; to choose where the reading is open",
    "committee-orphaned": "the village of the same name in its town; to choose among those of the same core name",
    "division-name-differs": "to choose: the name in the list of divisions",
}
"""What a rule's fix or candidates are; a rule without either has none."""
_INTRODUCTION: Final = """# Rules of the check of place names 地名检查规则

This page is made from the program's own list (`python -m layers.placenames.rules.documented >
docs/place-name-rules.md`); a test compares the two. `dijie check-names` runs the check. Each rule is a small function
in `layers/placenames/rules`; a finding names record and field, says what is wrong, and proposes what mends it where
that can be said; where several ways are likely, the reader chooses.

*Seeded*: how many flaws of the kind the demonstration register has on purpose (`flaws.csv`); every one is found. What
is found on real rows of the demonstration is a reviewed list (`tests/layers/placenames/real_findings.csv`).

| key | 名称 | title | severity | source | seeded |
|---|---|---|---|---|---|
"""
_LISTS: Final = """## What an office sets itself

Scopes and words are tables (`layers/placenames/data/scopes.csv`, `words.csv`), each row with its source; an office's
own are read by `layers.placenames.rules.lists.load_scopes` and `load_words`, which refuse a faulty table with file,
line and field.

Within what no two names may be alike; names are compared with those of the same sort alone. Where a distance stands,
two that are farther apart are two features that happen to have one name.

| sort | classes | within | distance, m |
|---|---|---|---|
"""


def as_markdown() -> str:
    """The whole page."""
    table = _INTRODUCTION + "\n".join(map(_line, RULES.values()))
    return "\n".join([table, "", *_sections(), *_lists()]).rstrip() + "\n"


def _line(rule: Rule) -> str:
    severity = _SEVERITIES[rule.severity]
    seeded = str(COUNTS[rule.key]) if rule.key in COUNTS else "–"
    return f"| [{rule.key}](#{rule.key}) | {rule.title_zh} | {rule.title_en} | {severity} | {rule.clause} | {seeded} |"


def _sections() -> Iterator[str]:
    for rule in RULES.values():
        yield f"## {rule.key}"
        yield ""
        yield f"**{rule.title_zh}** {rule.title_en}. {_promise(rule)}"
        yield ""
        yield f"- says: {_plain(rule.template)}"
        yield f"- advises: {_plain(rule.advice)}"
        yield f"- proposes: {_PROPOSED.get(rule.key, 'nothing by itself')}"
        yield f"- looks at: {_REACHES[rule.reach]}"
        if rule.key in NOT_SEEDED:
            yield f"- not seeded: {NOT_SEEDED[rule.key]}"
        yield ""


def _promise(rule: Rule) -> str:
    """The first paragraph of what the rule's function says of itself."""
    return " ".join((rule.find.__doc__ or "").split("\n\n")[0].split())


def _plain(sentence: str) -> str:
    """A sentence with its places shown as …: what fills them is the record's."""
    parts = sentence.split("%(")
    return parts[0] + "".join("…" + part.split(")s", 1)[1] for part in parts[1:])


def _lists() -> Iterator[str]:
    rows: dict[str, list[str]] = {}
    scopes = {}
    for prefix, scope in shipped_scopes().prefixes:
        rows.setdefault(scope.key, []).append(prefix)
        scopes[scope.key] = scope
    lines = [
        f"| {key} | {' '.join(sorted(prefixes))} | {scopes[key].within} | {scopes[key].near_m:g} |".replace(
            "| 0 |", "| |"
        )
        for key, prefixes in sorted(rows.items())
    ]
    yield _LISTS + "\n".join(lines)
    yield ""
    counts = ", ".join(f"{len(words(kind))} {kind}" for kind in ("foreign", "leader", "company"))
    yield f"Words that names may not hold: {counts}; the lists are a beginning, to be extended by the office."


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
