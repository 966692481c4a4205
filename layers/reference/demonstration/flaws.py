"""Flaws that are put into the place names on purpose, a known number for each rule of the place-name check.

Only rows that are made up anyway are touched, and no count by major class: every count stays as it is. The exception
are the committees whose link to their village is emptied: they are real, and what is real of them (name, code, place)
stays. The list (record, field, rule) is `flaws.csv` beside this file for the register that the product ships; a row
stands in it once for each rule that finds it wrong on purpose. Where the flaw is a division's, ``uuid`` is its code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Ints
from layers.reference.demonstration.seeder import Seeder

#: Rule → number of rows.
COUNTS: dict[str, int] = {
    "generic-missing": 12,
    "generic-mismatch": 12,
    "nonstandard-character": 10,
    "foreign-name": 8,
    "company-name": 6,
    "duplicate-name": 10,
    "same-sound": 10,
    "one-character-apart": 10,
    "code-division": 12,
    "code-class": 12,
    "outside-division": 8,
    "mandatory-missing": 15,
    "dates-out-of-order": 8,
    "code-missing": 8,
    "code-form": 8,
    "code-duplicate": 8,
    "division-unknown": 8,
    "date-impossible": 8,
    "usage-disagrees": 8,
    "forbidden-pattern": 8,
    "leader-name": 4,
    "romanization-differs": 12,
    "parts-disagree": 9,
    "near-duplicate": 8,
    "double-registration": 6,
    "class-unknown": 6,
    "no-counterpart": 4,
    "committee-orphaned": 4,
}
NOT_SEEDED: dict[str, str] = {
    "position-missing": (
        "A point out of range would spoil the extent of every map and file, and a missing one every count of points "
        "on maps, in tiles and files, which are compared with 51,991 and with other programs."
    ),
    "odd-ending": "The real committees have such names: 村村村会, 居民委会, 委员会.",
    "division-name-differs": "It would need a real committee or town with a name that is not its own.",
    "orphaned-name": "It is about rows of other tables, which all have their place here.",
}
"""Rules that have no seeded flaw, and why; tests have rows of their own for them."""

_NONSTANDARD = ("麗景", "陽光", "華府", "羣贤", "峯景", "園景", "龍湖", "鳳鸣", "錦绣", "雲鼎")
_FOREIGN = ("曼哈顿", "威尼斯", "塞纳", "巴黎春天", "莱茵", "罗马", "维也纳", "普罗旺斯")
_COMPANIES = ("示范集团", "样板地产", "范例实业", "演示置业", "样例酒业", "示例电子")
_FORBIDDEN = ("阳光A区", "锦绣2期", "丽景（北）", "翰林-1区", "书香 世家", "明珠#3区", "盛世B", "泰和e家")
#: A placeholder of the list of words: no real person's name stands in the demonstration.
_LEADER = "示例人名"
_SOUNDS = {
    "安": "岸",
    "华": "桦",
    "景": "静",
    "泰": "太",
    "福": "富",
    "和": "河",
    "金": "锦",
    "园": "源",
    "丰": "峰",
    "康": "糠",
}
_MANDATORY = ("roman", "meaning", "registered_by", "usage", "description")
#: What generic parts are spelled like, and how two careless clerks write them: other letters, other tones.
_MISSPELT = {
    "Xiǎoqū": ("Xiǎojū", "Xiāoqū"),
    "Huāyuán": ("Huāyuáng", "Huáyuán"),
    "Yuàn": ("Yàn", "Yuán"),
}
_OTHER_GENERIC = {"小区": "花园", "花园": "苑", "苑": "小区"}
_ESTATES = ("小区", "花园", "苑", "小区")
_UNLINKED = "示范：与村级区划的对应关系有意留空 the link to its village is left empty on purpose"


def seed_flaws(places: pd.DataFrame, chance: Chance) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the flaws into the place names.

    Parameters
    ----------
    places
        Frame ``place`` without flaws; it is not changed.
    chance
        Which rows.

    Returns
    -------
    places
        With the flaws.
    flaws
        ``uuid, field, rule``, one row per flaw, ordered by rule and uuid; of a division ``uuid`` is the code.
    """
    seeder = Seeder(places, chance)
    # new kinds of flaws come last: those before keep their rows
    for rule in ("duplicate-name", "same-sound", "one-character-apart"):
        _pairs(seeder, rule)
    _names(seeder)
    _codes_and_places(seeder)
    _fields(seeder)
    _more_codes(seeder)
    _more_fields(seeder)
    _more_names(seeder)
    _registered_twice(seeder)
    _without_counterpart(seeder)
    return seeder.result()


def _pairs(seeder: Seeder, rule: str) -> None:
    """Give one of two estates of a town a name like the other's."""
    columns, town = seeder.columns, seeder.columns["town_code"]
    done = 0
    while done < COUNTS[rule]:
        row = seeder.take()
        if town[row] in seeder.towns:
            continue
        model = next((r for r in seeder.estates if town[r] == town[row]), None)
        if model is None:
            continue
        specific, generic = str(columns["specific"][model]), str(columns["generic"][model])
        changed = _like(specific, rule)
        if changed is None or (rule != "duplicate-name" and (town[row], changed + generic) in seeder.names):
            continue
        seeder.estates.remove(model)
        seeder.towns.add(str(town[row]))
        seeder.rename(row, changed, generic, rule)
        done += 1


def _like(specific: str, rule: str) -> str | None:
    """A name that equals, sounds like or nearly equals another."""
    if rule == "duplicate-name":
        return specific
    if rule == "one-character-apart":
        return "佳" + specific[1:] if len(specific) > 1 and specific[0] != "佳" else None
    return next((specific.replace(a, b, 1) for a, b in _SOUNDS.items() if a in specific), None)


def _names(seeder: Seeder) -> None:
    for _ in range(COUNTS["generic-missing"]):
        row = seeder.take_plain()
        seeder.rename(row, str(seeder.columns["specific"][row]), "", "generic-missing", "generic")
    for _ in range(COUNTS["generic-mismatch"]):
        row = seeder.take()
        seeder.rename(row, str(seeder.columns["specific"][row]), "大桥", "generic-mismatch", "generic")
    words: tuple[tuple[str, Sequence[str], str], ...] = (
        ("nonstandard-character", _NONSTANDARD, "小区"),
        ("foreign-name", _FOREIGN, "花园"),
        ("company-name", _COMPANIES, "花园"),
    )
    for rule, stems, generic in words:
        for stem in stems[: COUNTS[rule]]:
            seeder.rename(seeder.take(), stem, generic, rule)


def _codes_and_places(seeder: Seeder) -> None:
    columns, codes = seeder.columns, seeder.columns["place_code"]
    for _ in range(COUNTS["code-division"]):
        row = seeder.take()
        other = str(codes[seeder.elsewhere(row)])
        seeder.set(row, "place_code", other[:9] + str(codes[row])[9:14] + _serial(row), "code-division")
    for _ in range(COUNTS["code-class"]):
        row = seeder.take()
        seeder.set(row, "place_code", str(codes[row])[:9] + "23610" + _serial(row), "code-class")
    for _ in range(COUNTS["outside-division"]):
        row = seeder.take()
        other_row = seeder.elsewhere(row)
        seeder.claim(other_row, row)
        for field in ("county_code", "town_code", "village_code"):
            columns[field][row] = columns[field][other_row]
        codes[row] = str(codes[other_row])[:14] + _serial(row)
        seeder.note(row, "geom", "outside-division")


def _serial(row: int) -> str:
    """A serial that no other place has."""
    return f"9{row % 100_000:05d}"


def _fields(seeder: Seeder) -> None:
    for number in range(COUNTS["mandatory-missing"]):
        seeder.set(seeder.take(), _MANDATORY[number % len(_MANDATORY)], None, "mandatory-missing")
    for number in range(COUNTS["dates-out-of-order"]):
        row = int(seeder.historical.pop())
        seeder.columns["established"][row] = f"{1978 + number}年"
        seeder.set(row, "abolished", f"{1961 + number}年", "dates-out-of-order")


def _more_codes(seeder: Seeder) -> None:
    codes, town = seeder.columns["place_code"], seeder.columns["town_code"]
    for _ in range(COUNTS["code-missing"]):
        seeder.set(seeder.take(), "place_code", None, "code-missing")
    for number in range(COUNTS["code-form"]):
        row = seeder.take()
        code = str(codes[row])
        # a digit lost, a letter O for a zero, a township part that there is not
        wrong = (code[:-1], code[:-2] + "O" + code[-1], code[:6] + "7" + code[7:])[number % 3]
        seeder.set(row, "place_code", wrong, "code-form")
    for _ in range(COUNTS["code-duplicate"]):
        row = seeder.take()
        model = next((r for r in seeder.estates if town[r] == town[row]), None)
        while model is None:
            row = seeder.take()
            model = next((r for r in seeder.estates if town[r] == town[row]), None)
        seeder.estates.remove(model)
        seeder.set(row, "place_code", codes[model], "code-duplicate")


def _more_fields(seeder: Seeder) -> None:
    town = seeder.columns["town_code"]
    for _ in range(COUNTS["division-unknown"]):
        row = seeder.take()
        seeder.set(row, "village_code", f"{town[row]}899", "division-unknown")
    for number in range(COUNTS["date-impossible"]):
        seeder.set(seeder.take(), "established", f"{2091 + 7 * number}年", "date-impossible")
    for number in range(COUNTS["usage-disagrees"]):
        row = seeder.take()
        seeder.columns["abolished"][row] = f"{2004 + number}年"
        seeder.note(row, "usage", "usage-disagrees")


def _more_names(seeder: Seeder) -> None:
    columns = seeder.columns
    for stem in _FORBIDDEN[: COUNTS["forbidden-pattern"]]:
        seeder.rename(seeder.take(), stem, "小区", "forbidden-pattern")
    for generic in _ESTATES[: COUNTS["leader-name"]]:
        seeder.rename(seeder.take_for(_LEADER + generic), _LEADER, generic, "leader-name")
    for number in range(COUNTS["romanization-differs"]):
        row = seeder.take()
        right = str(columns["roman"][row])
        while (ending := next((text for text in _MISSPELT if right.endswith(f" {text}")), None)) is None:
            row = seeder.take()
            right = str(columns["roman"][row])
        wrong = right.removesuffix(ending) + _MISSPELT[ending][number % 2]
        seeder.set(row, "roman", wrong, "romanization-differs")
    for _ in range(COUNTS["parts-disagree"]):
        row = seeder.take()
        seeder.set(row, "generic", _OTHER_GENERIC[str(columns["generic"][row])], "parts-disagree")
    left = COUNTS["near-duplicate"]
    for row, model in seeder.beside():
        specific, generic = str(columns["specific"][model]), str(columns["generic"][model])
        if left and (columns["town_code"][row], specific + generic) not in seeder.names:
            seeder.rename(row, specific, generic, "near-duplicate")
            seeder.estates.remove(row)
            seeder.estates.remove(model)
            left -= 1
    if left:
        raise AssertionError(f"near-duplicate: {left} pairs too few")


def _registered_twice(seeder: Seeder) -> None:
    """Quarters become villages of class 216 beside the committee (276) of the same; their major class stays."""
    columns = seeder.columns
    town, code, name = (columns[field] for field in ("town_code", "class_code", "name"))
    committees: dict[str, list[int]] = {}
    for row in np.flatnonzero(code == "27610").tolist():
        committees.setdefault(town[row], []).append(row)
    left = COUNTS["double-registration"]
    for row in seeder.shuffled(seeder.places["class_code"] == "21770"):
        for committee in committees.get(town[row], ()):
            stem = str(name[committee]).removesuffix("村民委员会").removesuffix("村委会")
            free = (town[row], f"{stem}村") not in seeder.names
            if left and free and len(stem) > 1 and not stem.endswith(("村", "社区", "会")):
                left -= 1
                columns["village_code"][row] = columns["village_code"][committee]
                code[row] = "21610"
                columns["place_code"][row] = str(columns["place_code"][row])[:9] + "21610" + _serial(row)
                seeder.rename(row, stem, "村", "double-registration")
                seeder.note(row, "major", "class-unknown")
                break
    if left:
        raise AssertionError(f"double-registration: {left} committees too few")


def _without_counterpart(seeder: Seeder) -> None:
    """Committees lose the link to their village: they are orphaned, and the villages have no place name."""
    columns = seeder.columns
    linked = (seeder.places["class_code"] == "27610") & seeder.places["village_code"].notna()
    taken = {code for kind, code in zip(columns["class_code"], columns["village_code"], strict=True) if kind == "21610"}
    rows = [row for row in seeder.shuffled(linked) if columns["village_code"][row] not in taken]
    for row in rows[: COUNTS["committee-orphaned"]]:
        seeder.found.append((str(columns["village_code"][row]), "name", "no-counterpart"))
        note = columns["note"][row]
        columns["note"][row] = f"{note}；{_UNLINKED}" if isinstance(note, str) and note else _UNLINKED
        seeder.set(row, "village_code", None, "committee-orphaned")


def rows_of(flaws: pd.DataFrame, places: pd.DataFrame, rule: str) -> Ints:
    """Positions in ``places`` of the rows seeded with a rule."""
    wanted = flaws.loc[flaws["rule"] == rule, "uuid"]
    return np.flatnonzero(places["uuid"].isin(wanted).to_numpy())
