"""The whole of an assessment: one value, one text, pieces for the map."""

import dataclasses
import json
import math

import numpy as np
import pytest

from gis.measure import length_m
from surveys.assessment import Assessment, NotAnAssessment, Rules, assess_field_work
from surveys.assessment.canonical import canonical
from surveys.assessment.pieces import pieces


def test_every_part_is_in_it(assessment):
    track = assessment.track
    assert track.removed == {"pause": pytest.approx(124, abs=6)}
    assert len(track.pauses) == 1
    assert 2 < track.p50_m < 3
    assert [round(one.length_m, -1) for one in track.not_walked] == [500, 300]
    assert [round(gap.apart_m, -1) for gap in track.gaps] == [300]
    assert len(track.beyond) == 1
    assert track.beyond[0].area_m2 == pytest.approx(27 * 600, rel=0.03)
    assert track.walked_m + sum(one.length_m for one in track.not_walked) == pytest.approx(
        assessment.line.length_m, abs=12
    )
    assert [stake.state for stake in assessment.stakes] == ["not-seen", "off", "found", "not-seen", "not-seen"]
    assert assessment.photos[0].stake == "2481002Q"
    assert [(cut.name, cut.ends_inside) for cut in assessment.objects] == [("house", True)]
    rules = {finding.rule for finding in assessment.findings}
    assert rules == {
        "track-pause", "stake-off", "stake-displaced", "stake-by-position", "stake-not-seen", "photo-missing",
        "object-across",
    }  # fmt: skip
    assert assessment.counts() == {"error": 0, "warning": 6, "info": 3}
    assert assessment.limits["track.tolerance_m"] == 10


def test_parts_that_were_not_brought_are_none(line):
    bare = assess_field_work(line)
    assert (bare.track, bare.stakes, bare.photos, bare.objects, bare.findings) == (None, None, None, None, ())
    empty = assess_field_work(line, stakes=[], photos=[], objects={})
    assert [stake.state for stake in empty.stakes] == ["not-seen"] * 5
    assert (empty.photos, empty.objects) == ((), ())


def test_the_text_is_one_and_comes_back(assessment, line, walk):
    text = assessment.as_json()
    assert Assessment.from_json(text).as_json() == text
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert len(text) < 120_000
    again = Assessment.from_json(text)
    assert again.stakes[1].direction == "东"
    assert again.findings[0].message == assessment.findings[0].message
    # the same data, made anew and in another order of keys
    assert dataclasses.replace(assessment, limits=dict(reversed(assessment.limits.items()))).as_json() == text
    other = assess_field_work(line, track=walk[::2])
    assert other.track_sha256 != assessment.track_sha256
    for wrong in ("", "[]", "{}", "null", text.replace('"line":', '"lime":')):
        with pytest.raises(NotAnAssessment):
            Assessment.from_json(wrong)


def test_numbers_have_the_decimals_of_their_unit():
    @dataclasses.dataclass
    class Odd:
        length_m: float = 1.23456
        area_m2: float = 1.26
        walked_share: float = 1 / 3
        lon: float = 118.123456789012
        seconds: float = 59.6
        nothing_m: float = math.nan
        zero_m: float = -0.0001
        whole: int = 3
        numpy_m: object = dataclasses.field(default_factory=lambda: np.float64(2.0))

    assert canonical(Odd()) == (
        '{"area_m2":1.3,"length_m":1.235,"lon":118.123456789,"nothing_m":null,"numpy_m":2.0,"seconds":60.0,'
        '"walked_share":0.33333,"whole":3,"zero_m":0.0}'
    )


def test_pieces_are_the_line(assessment, line):
    found = pieces(line.geometry, assessment.track)
    assert found["kind"].tolist() == [
        "not-walked", "within", "not-walked", "within", "beyond", "within",
    ]  # fmt: skip
    assert found.crs.to_epsg() == 4490
    np.testing.assert_allclose(length_m(found.geometry), found["end_m"] - found["start_m"], rtol=1e-5)
    assert found["start_m"].iloc[0] == 0
    assert found["end_m"].iloc[-1] == pytest.approx(assessment.line.length_m, abs=0.001)
    assert (found["start_m"].to_numpy()[1:] == found["end_m"].to_numpy()[:-1]).all()
    beyond = found[found["kind"] == "beyond"].iloc[0]
    assert beyond["start_m"] == pytest.approx(4000, abs=60)
    assert pieces(line.geometry, None)["kind"].tolist() == ["not-walked"]


def test_rules_reach_every_part(line, walk):
    rules = Rules(track=dataclasses.replace(Rules().track, tolerance_m=40))
    found = assess_field_work(line, track=walk, rules=rules)
    assert found.track.beyond == ()
    assert found.limits["track.tolerance_m"] == 40
