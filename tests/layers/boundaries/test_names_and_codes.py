"""Names, short names and codes of lines and tripoints."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import Invalid
from layers.boundaries import Names, line_code, tripoint_code
from layers.boundaries.naming import known_order, specific

COUNTIES = {"370724": "临朐县", "370725": "昌乐县", "370781": "青州市", "370784": "安丘市", "370786": "昌邑市"}
CODES = st.from_regex(r"[0-9]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("青州市", "青州"),
        ("临朐县", "临朐"),
        ("奎文区", "奎文"),
        ("莒县", "莒县"),
        ("青龙满族自治县", "青龙满族"),
        ("神农架林区", "神农架"),
    ],
)
def test_specific_part(name, expected):
    assert specific(name) == expected


def test_known_order_comes_before_the_codes():
    assert ("370781", "370724") in known_order()
    names = Names(COUNTIES, inside=COUNTIES)
    for pair in (("370724", "370781"), ("370781", "370724")):
        assert names.line(*pair) == "青州市—临朐县"
        assert names.short(*pair) == "青临线"
    assert Names(COUNTIES, known=frozenset()).line("370781", "370724") == "临朐县—青州市"


def test_clashing_characters_give_way():
    names = Names(COUNTIES, inside=COUNTIES)
    assert names.short("370784", "370725") == "昌安线"
    assert names.short("370784", "370786") == "安邑线"
    assert names.characters["370725"] == "昌"


def test_neighbours_make_room():
    names = Names(COUNTIES | {"370302": "淄川区", "370305": "临淄区"}, inside=COUNTIES)
    assert (names.characters["370724"], names.characters["370305"], names.characters["370302"]) == ("临", "淄", "川")


def test_without_enough_characters_the_name_is_whole():
    names = Names({"100001": "甲乙县", "100002": "乙甲县", "100003": "甲甲县", "100004": "甲甲县"})
    assert len(set(names.characters.values())) == 4
    assert {"甲甲", "100004"} & set(names.characters.values())


@given(st.dictionaries(CODES, st.text("甲乙丙丁", min_size=2, max_size=3), min_size=2, max_size=12))
@settings(deadline=None)
def test_characters_are_never_shared(names):
    named = Names({code: f"{name}县" for code, name in names.items()})
    assert len(set(named.characters.values())) == len(names)
    shorts = [named.short(one, other) for one, other in itertools.combinations(names, 2)]
    assert all(short.endswith("线") for short in shorts)


def test_pieces_are_numbered():
    names = Names(COUNTIES)
    assert names.line("370724", "370781", piece=2) == "青州市—临朐县（第2段）"
    assert names.short("370724", "370781", piece=2) == "青临线2段"


@pytest.mark.parametrize("turn", range(3))
def test_tripoint_begins_with_the_smallest_code(turn):
    round_it = ["370302", "370781", "370724"]
    names = Names(COUNTIES | {"370302": "淄川区"})
    assert names.tripoint(round_it[turn:] + round_it[:turn]) == "淄川–青州–临朐"


@pytest.mark.parametrize(
    ("pair", "code"),
    [(("370781", "370724"), "2481"), (("370302", "370781"), "03020781"), (("130984", "370781"), "130984370781")],
)
def test_line_codes(pair, code):
    assert line_code(*pair) == line_code(*reversed(pair)) == code
    assert line_code(*pair, piece=3) == f"{code}-3"


@given(st.lists(st.tuples(CODES, CODES).filter(lambda pair: pair[0] != pair[1]), min_size=2, max_size=30))
@settings(deadline=None)
def test_codes_are_unique_round_one_city(pairs):
    """Lines of one city: one side at least begins with 3707."""
    lines = {frozenset((f"3707{one[4:]}", other)) for one, other in pairs}
    lines = {line for line in lines if len(line) == 2}
    assert len({line_code(*line) for line in lines}) == len(lines)


def test_tripoint_codes():
    assert tripoint_code("370781", "370725", "370724") == "242581"
    assert tripoint_code("370781", "370302", "370724") == "030207240781"


@pytest.mark.parametrize(
    "codes", [("370781", "370781"), ("370781",), ("37078", "370724"), ("37072a", "370781"), ("37072４", "370781")]
)
def test_what_has_no_code(codes):
    with pytest.raises(Invalid, match=r"no code for the border"):
        tripoint_code(*codes)
