"""Rules for the stakes of a line: where they stand, in which order, how they are numbered, how many there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from gis.errors import N_
from layers.boundaries.checks.facts import LineFacts, StakeOn
from layers.boundaries.checks.limits import Limits
from layers.boundaries.checks.rule import Found, Rule
from layers.records.tables import rows_of

_STAKES: Final = "stakes"
OFF: Final = Rule(
    "stake-off-line", "error", "界桩偏离界线", "Stake off its line",
    N_("Stake %(label)s stands %(metres)s m off the line; %(limit)s m are allowed."),
    N_("Check the stake's coordinates and the line's course there; one of them is wrong."), _STAKES,
)  # fmt: skip
NOWHERE: Final = Rule(
    "stake-without-place", "error", "界桩无坐标", "Stake without a position",
    N_("Stake %(label)s has no position."), N_("Enter its coordinates from the registration form."), _STAKES,
)  # fmt: skip
ORDER: Final = Rule(
    "stake-order", "warning", "界桩顺序与位置不符", "Stakes out of order",
    N_("Stake %(label)s has the serial %(serial)s and stands beyond a stake with the serial %(after)s."),
    N_("Correct the serial, or the position of one of the two."), _STAKES,
)  # fmt: skip
CHAINAGE: Final = Rule(
    "chainage-differs", "warning", "里程与位置不符", "Chainage differs",
    N_("Stake %(label)s is registered at %(said)s m along the line and stands at %(measured)s m."),
    N_("Save the stake's position anew: its chainage is then measured again."), _STAKES,
)  # fmt: skip
NUMBER: Final = Rule(
    "stake-number", "warning", "界桩编号格式", "Stake number",
    N_("The number of stake %(label)s is not written as such numbers are: %(example)s."),
    N_("Correct the number; if it is engraved so, note it in the lettering."), _STAKES,
)  # fmt: skip
CODE: Final = Rule(
    "stake-code", "warning", "界桩代码格式", "Stake code",
    N_("The code %(code)s of stake %(label)s is not written as such codes are: %(example)s."),
    N_("Correct the code."), _STAKES,
)  # fmt: skip
OF_ANOTHER: Final = Rule(
    "stake-of-another-line", "warning", "编号与界线代码不符", "Number of another line",
    N_("The number of stake %(label)s does not begin with the code of its line, %(code)s."),
    N_("Correct the number, or put the stake on the line that it names."), _STAKES,
)  # fmt: skip
LETTER: Final = Rule(
    "stake-letter", "warning", "类型字母与类型不符", "Letter and kind",
    N_("Stake %(label)s ends in the letter of another kind than %(kind)s."),
    N_("Correct the letter or the kind."), _STAKES,
)  # fmt: skip
REPEATED: Final = Rule(
    "stake-repeated", "error", "界桩编号重复", "Number given twice",
    N_("%(count)s stakes of the line have the number %(label)s."),
    N_("Each stake has a number of its own; correct the others."), _STAKES,
)  # fmt: skip
COUNT: Final = Rule(
    "stake-count", "warning", "界桩数量与成果不符", "Stakes counted",
    N_("The papers of line %(label)s declare %(said)s stakes of the kind %(kind)s; the register has %(there)s."),
    N_("Register the missing stakes, or correct the declared number."),
)  # fmt: skip
FEATURES: Final = Rule(
    "reference-features", "warning", "方位物填写有误", "Reference features",
    N_("The reference features of stake %(label)s cannot stand: %(flaw)s."),
    N_("Give each its kind, an azimuth of 0 to 360 degrees and a distance in metres."), _STAKES,
)  # fmt: skip
RULES: Final = (OFF, NOWHERE, ORDER, CHAINAGE, NUMBER, CODE, OF_ANOTHER, LETTER, REPEATED, COUNT, FEATURES)

KIND_OF_LETTER: Final = {"Q": "single", "A": "double", "B": "double", "C": "triple", "D": "triple", "E": "triple"}
_KINDS: Final = ("single", "double", "triple")


def places(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """Every stake has a position, near its line."""
    for stake in facts.stakes:
        if stake.state.get("geom") is None:
            yield NOWHERE.broken(facts.uuid, stake.uuid, stake.number)
            continue
        limit = limits.double_off_m if stake.state.get("kind") == "double" else limits.stake_off_m
        if stake.offset_m > limit:
            yield OFF.broken(facts.uuid, stake.uuid, stake.number, metres=f"{stake.offset_m:.1f}", limit=f"{limit:g}")


def order(facts: LineFacts, _limits: Limits) -> Iterator[Found]:
    """Serials grow along the line; the stakes of a double or triple one share theirs."""
    highest = 0
    for stake in facts.stakes:
        if stake.serial is None or stake.measured_m != stake.measured_m:
            continue
        if stake.serial < highest:
            yield ORDER.broken(facts.uuid, stake.uuid, stake.number, serial=stake.serial, after=highest)
        highest = max(highest, stake.serial)


def chainages(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """The registered chainage is the one of the position."""
    for stake in facts.stakes:
        said = stake.chainage_m
        if said is not None and abs(said - stake.measured_m) > limits.chainage_m:
            yield CHAINAGE.broken(
                facts.uuid, stake.uuid, stake.number, said=f"{said:.2f}", measured=f"{stake.measured_m:.2f}"
            )


def numbers(facts: LineFacts, _limits: Limits) -> Iterator[Found]:
    """Numbers and codes are written as the tables of patterns say, and belong to the line and the kind."""
    line_code = str(facts.state.get("code") or "")
    for stake in facts.stakes:
        number, code, kind = (str(stake.state.get(name) or "") for name in ("number", "code", "kind"))
        for rule, text, pattern in ((NUMBER, number, _pattern("number")), (CODE, code, _pattern("code"))):
            if text and pattern is not None and not pattern[0].fullmatch(text):
                yield rule.broken(facts.uuid, stake.uuid, stake.number, code=text, example=pattern[1])
        # a stake of several lines is numbered by one of them
        if stake.state.get("line_uuid") == facts.uuid and line_code and number and not number.startswith(line_code):
            yield OF_ANOTHER.broken(facts.uuid, stake.uuid, stake.number, code=line_code)
        letter = KIND_OF_LETTER.get(number[-1:])
        if letter is not None and kind and kind != letter:
            yield LETTER.broken(facts.uuid, stake.uuid, stake.number, kind=kind)
    counted = Counter(stake.number for stake in facts.stakes if stake.number)
    for number, count in counted.items():
        if count > 1:
            uuid = next(stake.uuid for stake in facts.stakes if stake.number == number)
            yield REPEATED.broken(facts.uuid, uuid, number, count=count)


def counts(facts: LineFacts, _limits: Limits) -> Iterator[Found]:
    """As many stakes of each kind as the line's papers declare, places counted: a double stake is one."""
    there = stakes_by_kind(facts)
    for kind in _KINDS:
        said = facts.state.get(f"declared_{kind}")
        if said is not None and int(said) != there[kind]:
            label = str(facts.state.get("code") or facts.state.get("name") or "")
            yield COUNT.broken(facts.uuid, facts.uuid, label, kind=kind, said=int(said), there=there[kind])


def features(facts: LineFacts, limits: Limits) -> Iterator[Found]:
    """Reference features are at most as many as the form has room for, each with kind, azimuth and distance."""
    for stake in facts.stakes:
        flaw = _flaw_of(stake.state.get("reference_features"), limits.most_features)
        if flaw:
            yield FEATURES.broken(facts.uuid, stake.uuid, stake.number, flaw=flaw)


def stakes_by_kind(facts: LineFacts) -> dict[str, int]:
    """How many stakes of each kind there are: those of one serial are one double or triple stake."""
    found = dict.fromkeys(_KINDS, 0)
    seen: set[tuple[str, object]] = set()
    for stake in facts.stakes:
        kind = str(stake.state.get("kind") or "")
        place = _place(stake)
        if kind in found and (kind, place) not in seen:
            seen.add((kind, place))
            found[kind] += 1
    return found


def _place(stake: StakeOn) -> object:
    return stake.serial if stake.serial is not None and stake.state.get("kind") != "single" else stake.uuid


def _flaw_of(given: Any, most: int) -> str:
    if given is None:
        return ""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return N_("they are no list of features")
    if len(given) > most:
        return N_("there are more than the form has room for")
    for one in given:
        azimuth, distance = one.get("azimuth_deg"), one.get("distance_m")
        if not one.get("kind"):
            return N_("one has no kind")
        if azimuth is not None and not (isinstance(azimuth, (int, float)) and 0 <= azimuth <= 360):
            return N_("an azimuth is none")
        if distance is not None and not (isinstance(distance, (int, float)) and distance > 0):
            return N_("a distance is none")
    return ""


@cache
def _pattern(field: str) -> tuple[re.Pattern[str], str] | None:
    """How numbers or codes of stakes are written, with an example; None where nobody has said."""
    rows = [row for row in rows_of("patterns") if row["layer"] == _STAKES and row["field"] == field]
    return (re.compile(rows[0]["pattern"]), rows[0]["example"]) if rows else None
