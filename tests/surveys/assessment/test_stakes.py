"""Stakes against the register: recognised by number, else by position; what is off, missing, unknown or twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import Invalid
from gis.measure import GEOD, SECTORS
from surveys.assessment import CONDITIONS, ObservedStake, RegisteredStake, StakeRules
from surveys.assessment.comparing import compare_stakes
from surveys.assessment.numbers import plain_number
from surveys.assessment.stakes import condition_key

REGISTERED = [
    RegisteredStake(
        f"u{serial}", f"2481{serial:03}{letter}", f"37072437078{serial:03}", 118.3 + serial / 50, 36.45, 90.0
    )
    for serial, letter in enumerate("CQQQAB", start=1)
]


def moved(stake, metres, azimuth, **more):
    lon, lat, _ = GEOD.fwd(stake.lon, stake.lat, azimuth, metres)
    values = {
        "number": stake.number,
        "lon": lon,
        "lat": lat,
        "condition": "完好",
        "where": f"row {stake.uuid[1:]}",
    } | more
    return ObservedStake(**values)


def rules_of(findings):
    return sorted((finding.rule, finding.where) for finding in findings)


def test_all_found_says_nothing():
    results, findings = compare_stakes(REGISTERED, [moved(stake, 0.4, 100) for stake in REGISTERED])
    assert [result.state for result in results] == ["found"] * 6
    assert [result.uuid for result in results] == [stake.uuid for stake in REGISTERED]
    assert findings == []


@given(st.floats(0.02, 5000), st.floats(0, 359.9), st.floats(-20, 20))
@settings(max_examples=40)
def test_offset_by_the_geodesic(metres, azimuth, up):
    seen = moved(REGISTERED[2], metres, azimuth, height_m=90.0 + up)
    results, _ = compare_stakes(REGISTERED, [seen], StakeRules(tolerance_m=1.0))
    result = results[2]
    assert result.distance_m == pytest.approx(metres, abs=1e-5)
    assert result.east_m == pytest.approx(metres * np.sin(np.radians(azimuth)), abs=1e-3)
    assert result.north_m == pytest.approx(metres * np.cos(np.radians(azimuth)), abs=1e-3)
    assert result.up_m == pytest.approx(up)
    middle = SECTORS.index(result.direction) * 22.5
    assert abs((azimuth - middle + 180) % 360 - 180) <= 11.26
    assert result.state == ("found" if result.distance_m <= 1.0 else "off")


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("2481003Q", "number"), ("２４８１００３ｑ", "number"), (" 2481 003 q", "number"), ("2481-003Q号", "number"),
        ("37072437078003", "code"), ("2481003", "number-without-letter"), ("", "position"), ("3003", "position"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written, how):
    results, findings = compare_stakes(REGISTERED, [moved(REGISTERED[2], 0.5, 90, number=written)])
    assert results[2].how == how
    assert results[2].state == "found"
    assert len(results) == 6
    assert ("stake-by-position" in {finding.rule for finding in findings}) == (how == "position")


def test_another_letter_is_another_stake():
    results, findings = compare_stakes(REGISTERED, [moved(REGISTERED[2], 4000, 90, number="2481003A")])
    assert results[2].state == "not-seen"
    assert results[-1].state == "unknown"
    assert "stake-unknown" in {finding.rule for finding in findings}


def test_every_kind_of_flaw_is_told_where_it_is():
    observed = [
        moved(REGISTERED[0], 3.0, 45),                                   # off, though intact
        moved(REGISTERED[1], 6.0, 45, accuracy_m=4.0),                   # off by no more than the receiver's error
        moved(REGISTERED[2], 0.2, 10, condition="损坏"),
        moved(REGISTERED[2], 8.0, 10, where="row 3b"),                   # once more
        ObservedStake("2481004Q", None, None, condition="丢失", where="row 4"),
        ObservedStake("2481005A", None, None, condition="半埋", where="row 5"),
        moved(REGISTERED[4], 20_000, 180, number="9999", where="row 7"),  # nowhere near
    ]  # fmt: skip
    results, findings = compare_stakes(REGISTERED, observed)
    assert [result.state for result in results] == [
        "off", "uncertain", "found", "no-position", "no-position", "not-seen", "twice", "unknown",
    ]  # fmt: skip
    assert rules_of(findings) == sorted(
        [
            ("stake-off", "row 1"), ("stake-off-though-intact", "row 1"), ("stake-uncertain", "row 2"),
            ("stake-damaged", "row 3"), ("stake-seen-twice", "2481003Q"), ("stake-missing", "row 4"),
            ("stake-no-position", "row 5"), ("stake-condition-unknown", "row 5"), ("stake-not-seen", "2481006B"),
            ("stake-unknown", "row 7"),
        ]
    )  # fmt: skip
    off = next(finding for finding in findings if finding.rule == "stake-off")
    assert off.message == (
        "Stake 2481001C stands 3.0 m off its registered place, 2.12 m east and 2.12 m north (tolerance 1.0 m)."
    )
    assert all(finding.message and "%(" not in finding.message for finding in findings)
    assert results[3].condition == "missing"
    assert results[5].registered_lon == REGISTERED[5].lon


def test_a_mistyped_number_is_seen_by_where_it_stands():
    _, findings = compare_stakes(REGISTERED, [moved(REGISTERED[4], 0.5, 0, number="2481002Q", where="row 2")])
    told = next(finding for finding in findings if finding.rule == "stake-number-elsewhere")
    assert told.params["other"] == "2481005A"


def test_by_position_each_stake_once_and_doubts_are_told():
    pair = [RegisteredStake("a", "A1", "", 118.3, 36.45), RegisteredStake("b", "B1", "", 118.3001, 36.45)]  # 9 m apart
    seen = [ObservedStake("?", 118.30003, 36.45, where="x"), ObservedStake("", 118.30001, 36.45, where="y")]
    results, findings = compare_stakes(pair, seen)
    # the closest pair first: y is a, what is left of x is b
    assert [(result.uuid, result.where) for result in results] == [("a", "y"), ("b", "x")]
    assert [candidate.uuid for candidate in results[1].candidates] == ["a", "b"]
    assert ("stake-ambiguous", "x") in rules_of(findings)
    assert ("stake-ambiguous", "y") not in rules_of(findings)
    far = compare_stakes(pair, [ObservedStake("", 118.31, 36.45, where="z")])[0]
    assert [result.state for result in far] == ["not-seen", "not-seen", "unknown"]
    assert far[-1].candidates == ()


def test_one_number_twice_in_the_register():
    twins = [RegisteredStake("a", "12", "", 118.3, 36.45), RegisteredStake("b", "12", "", 118.4, 36.45)]
    results, findings = compare_stakes(twins, [ObservedStake("12", 118.4, 36.45), ObservedStake("12", 118.3, 36.45)])
    assert [(result.uuid, result.state) for result in results] == [("a", "found"), ("b", "found")]
    assert "stake-number-registered-twice" in {finding.rule for finding in findings}


def test_places_that_are_none_and_nothing_at_all():
    odd = [ObservedStake("2481001C", float("nan"), 36.0), ObservedStake("", 500.0, 36.0), ObservedStake("", None, None)]
    results, _ = compare_stakes(REGISTERED, odd)
    assert results[0].state == "no-position"
    assert [result.state for result in results[6:]] == ["unknown", "unknown"]
    assert compare_stakes([], []) == ([], [])


def test_conditions_in_both_languages():
    assert {condition_key(word) for word in ("完好", "损坏", "移位", "丢失")} == set(CONDITIONS)
    assert condition_key("Intact ") == "intact"
    assert condition_key("半埋") == "半埋"
    assert plain_number("界桩 12号") == "12"


def test_rules_that_do_not_go_together():
    for wrong in ((0, 10), (5, 2), (float("nan"), 5), (1, float("inf"))):
        with pytest.raises(Invalid, match="tolerance"):
            StakeRules(*wrong)
