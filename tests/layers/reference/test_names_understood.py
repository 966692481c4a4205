"""What the rules for names say of every place of the demonstration register."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

from gis.toponym import bulk_romanize, generic_fits, is_certain, romanize, split_name
from gis.toponym.readings import readings, syllables
from layers.reference.demonstration import Demonstration
from layers.reference.demonstration.flaws import COUNTS


@pytest.fixture(scope="module")
def places(demonstration: Path, made: Demonstration) -> pd.DataFrame:
    """All places, and whether a flaw of the name was put into them on purpose."""
    wanted = ["uuid", "name", "generic", "class_code", "roman"]
    found = pyogrio.read_dataframe(demonstration, layer="place", columns=wanted, read_geometry=False)
    named = made.flaws[made.flaws["field"].isin(["name", "roman", "generic"])]
    return found.assign(flawed=found["uuid"].isin(named["uuid"]))


def test_every_generic_term_fits_its_class_but_those_seeded_as_flaws(places: pd.DataFrame) -> None:
    used = places[places["generic"].notna() & (places["generic"] != "")]
    pairs = used.groupby(["generic", "class_code"]).size()
    fits = {pair: generic_fits(*pair) for pair in pairs.index}
    unknown = [pair for pair, fit in fits.items() if fit is None]
    assert unknown == []
    misfits = {pair: int(pairs[pair]) for pair, fit in fits.items() if not fit}
    assert misfits == {("大桥", "22100"): COUNTS["generic-mismatch"]}


def test_the_parts_of_the_register_are_those_that_are_found(places: pd.DataFrame) -> None:
    villages = places["class_code"].str.startswith("222")
    used = places[places["generic"].notna() & (places["generic"] != "") & ~villages & ~places["flawed"]]
    found = [split_name(name)[1] for name in used["name"]]
    differing = Counter((own, other) for own, other in zip(used["generic"], found, strict=True) if own != other)
    # one syllable that villages end in too is not told from the specific part without more
    assert differing.pop(("矿", "")) > 0
    # 后郑公 + 路, 范家大 + 街: only who knows the village can tell
    assert set(differing) <= {("村村会", ""), ("街", "大街"), ("路", "公路"), ("桥", "大桥"), ("堤", "大堤")}
    assert differing.total() < 15


def test_the_spelling_of_the_register_is_that_of_the_rules(places: pd.DataFrame) -> None:
    whole = places["class_code"].str.startswith("222").to_numpy()
    names = places["name"].tolist()
    kinds = np.where(whole, "settlement", "").tolist()
    generics = [None if w else generic or "" for w, generic in zip(whole, places["generic"], strict=True)]
    spelled = bulk_romanize(names, kinds, generics)
    for row in range(0, len(names), 41):
        assert spelled[row] == romanize(names[row], kinds[row], generic=generics[row])
    stored = (places["roman"].notna() & ~places["flawed"]).to_numpy()
    assert stored.sum() > 0.99 * len(names)
    same = np.array(spelled, dtype=object)[stored] == places["roman"].to_numpy(dtype=object)[stored]
    assert same.all(), list(places["roman"][stored][~same])[:5]


def test_a_register_asks_of_few_names_how_they_are_read(places: pd.DataFrame) -> None:
    names = list(dict.fromkeys(places["name"]))[::3]
    found = [readings(name) for name in names]
    assert all(ways[0].syllables == syllables(name) for name, ways in zip(names, found, strict=True))
    asked = sum(not is_certain(ways) for ways in found)
    assert 0 < asked < 0.03 * len(names)
