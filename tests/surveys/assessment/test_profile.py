"""The profile as SVG: sound XML, no style or script, what it has to show."""

import re
from xml.etree import ElementTree as ET

import pytest

from gis.tracks import Track
from surveys.assessment import assess_field_work, profile_svg
from surveys.assessment.profile import FAR

SVG = "{http://www.w3.org/2000/svg}"


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def test_what_is_drawn(assessment):
    text = profile_svg(assessment)
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert not re.search(r"style=|<style|<script|href", text)
    assert set(re.findall(r'(?:stroke|fill)="([^"]*)"', text)) == {"none", "currentColor", FAR}
    shown = texts(root)
    assert "Offset of the track from the line 青州市—临朐县" in shown
    assert "left: 青州市, m" in shown
    assert "right: 临朐县, m" in shown
    assert {"0", "+20", "−20", "6"} <= set(shown)
    far = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == FAR]
    assert len(far) == 1
    places = [float(number) for number in re.findall(r"[ML](\S+) ", far[0].get("d"))]
    width = 920 - 64 - 16
    assert min(places) == pytest.approx(64 + 4000 / assessment.line.length_m * width, abs=10)
    assert max(places) == pytest.approx(64 + 4600 / assessment.line.length_m * width, abs=10)
    titles = [element.text for element in root.iter(f"{SVG}title")]
    assert sum(title.startswith("not walked") for title in titles) == 2
    assert sum(title.startswith("break of the record") for title in titles) == 2


def shouted(text):
    """In capital letters but for the places."""
    return re.sub(r"(%\(\w+\)s)|(.)", lambda found: found[1] or found[2].upper(), text)


def test_in_another_language_and_with_odd_names(line, walk):
    odd = assess_field_work(type(line)("u", "1", 'A & <B> "c"', line.geometry), track=walk)
    root = ET.fromstring(profile_svg(odd, translate=shouted))
    assert 'OFFSET OF THE TRACK FROM THE LINE A & <B> "c"' in texts(root)
    assert "CHAINAGE, KM" in texts(root)


def test_far_offsets_are_drawn_nearer_and_this_is_said(assessment, line):
    near = ET.fromstring(profile_svg(assessment))
    squeezed = ET.fromstring(profile_svg(assessment, compressed=True))
    assert "far offsets drawn nearer" not in texts(near)
    assert "far offsets drawn nearer" in texts(squeezed)
    assert {"+10", "−10", "+30"} & set(texts(squeezed)) >= {"+10", "−10"}


def test_without_a_track_and_with_one_elsewhere(line):
    assert "No track was brought." in texts(ET.fromstring(profile_svg(assess_field_work(line))))
    elsewhere = assess_field_work(line, track=Track.of([110.0, 110.1], [30.0, 30.0]))
    assert "No part of the line was walked." in texts(ET.fromstring(profile_svg(elsewhere)))
