"""Words that are one slip apart, against comparing with each of them."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from layers.geocoding.near import Near
from layers.geocoding.wording import folded, one_edit, plain, sounds, without_one

WORDS = st.text(alphabet="上下院桥王家庄东西", min_size=1, max_size=5)


def damerau(first: str, second: str) -> int:
    """Optimal string alignment distance, by the textbook."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (first[i - 1] != second[j - 1])
            )
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(typed=WORDS, word=WORDS)
def test_one_edit_is_a_distance_of_one(typed: str, word: str) -> None:
    how = one_edit(typed, word)
    assert bool(how) == (damerau(typed, word) == 1)
    if how == "missing":
        assert len(typed) == len(word) - 1
    if how == "extra":
        assert len(typed) == len(word) + 1
    if how == "swapped":
        assert sorted(typed) == sorted(word)


def test_all_that_are_near_are_found_and_no_others() -> None:
    chance = random.Random(7)
    words = ["".join(chance.choices("上下院桥王家庄东西南北", k=chance.randint(2, 5))) for _ in range(400)]
    near = Near([(word, row) for row, word in enumerate(words)])
    for _ in range(200):
        typed = "".join(chance.choices("上下院桥王家庄东西南北", k=chance.randint(2, 6)))
        found = {word for _, word, _ in near.of(typed, folded(sounds(typed)), (typed, *without_one(typed)))}
        expected = {word for word in words if damerau(typed, word) == 1}
        alike = {word for word in found - expected if folded(sounds(word)) == folded(sounds(typed))}
        assert found - alike == expected
        assert typed not in found


def test_a_word_leads_to_all_that_are_called_so() -> None:
    near = Near([("上院村", 1), ("上院村", 2), ("上元村", 3)])
    typed = "上园村"
    found = {word: (how, rows) for how, word, rows in near.of(typed, folded(sounds(typed)), [typed])}
    assert found == {"上院村": ("sound", (1, 2)), "上元村": ("sound", (3,))}


def test_plain_text() -> None:
    assert plain("　青州市，弥河镇／上院村 ８８号Ａ座（原大院）") == (
        "青州市弥河镇上院村88号a座",
        "青州市弥河镇上院村88号a座原大院",
    )
    assert plain("（上院村）") == ("上院村", "上院村")
    assert plain("臨朐縣") == ("临朐县", "临朐县")
