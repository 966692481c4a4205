"""Texts as people write them lead to the right village, and never in silence into a wrong county."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.access import ADMINISTRATOR, PUBLIC, Reader
from layers.geocoding import ACCURACIES, AddressBook, Answer, geocode
from layers.index import Index
from tests.layers.geocoding.perturbing import cases

CLEAN = "山东省潍坊市青州市弥河镇上院村"
VILLAGE = "370781100273"


@pytest.fixture(scope="module")
def book(index: Index) -> AddressBook:
    """What the public may find in the demonstration."""
    return AddressBook.of(index, reader=PUBLIC)


def one(text: str, book: AddressBook, **more: object) -> Answer:
    """The answer to one text."""
    return geocode([text], book=book, **more)[0]  # type: ignore[arg-type]


def test_two_thousand_perturbed_addresses(
    demonstration: Path, book: AddressBook, record_property: pytest.RecordProperty
) -> None:
    asked = cases(demonstration, 2000)
    found = geocode([case.text for case in asked], book=book)
    right: dict[str, list[bool]] = defaultdict(list)
    flagged: dict[str, list[bool]] = defaultdict(list)
    silent, unsure = [], []
    for case, answer in zip(asked, found, strict=True):
        good = answer.match.village == case.base.code
        right[case.kind].append(good)
        flagged[case.kind].append(answer.doubtful)
        if answer.match.county not in ("", case.base.county_code) and not answer.doubtful:
            silent.append((case.text, answer.match.path))
        if not good and not answer.doubtful:
            unsure.append((case.text, answer.match.path))
    lines = [
        f"{kind:34} {sum(good):4}/{len(good)} right, {sum(flagged[kind]):4} flagged" for kind, good in right.items()
    ]
    print("\n".join(lines))  # noqa: T201 - the report by kind: pytest -rP shows it
    assert len(right) == 20
    assert {len(good) for good in right.values()} == {100}
    total = sum(map(sum, right.values())) / len(asked)
    record_property("right", total)
    assert total >= 0.95
    assert all(sum(good) / len(good) >= 0.9 for good in right.values()), lines
    assert silent == []
    # a slip that makes another real name of it cannot be seen: those are few
    assert len(unsure) <= 0.01 * len(asked), unsure


def test_an_answer_says_everything(book: AddressBook) -> None:
    answer = one(CLEAN, book)
    match = answer.match
    assert (match.name, match.accuracy, match.score) == ("上院村委会", "village", 1.0)
    assert (match.county, match.town, match.village) == ("370781", "370781100", VILLAGE)
    assert match.path == ("青州市", "弥河镇", "上院村委会")
    assert match.layer == "divisions"
    assert len(match.uuid) == 36
    row = book.divisions.row_of[VILLAGE]
    assert (match.lon, match.lat) == (book.divisions.lon[row], book.divisions.lat[row])
    assert answer.findings == ()


@pytest.mark.parametrize(
    ("text", "accuracy", "matched", "rules"),
    [
        (VILLAGE, "village", "上院村委会", ()),
        ("青州弥河上院", "village", "上院村委会", ()),
        ("Shangyuan Village, Mihe Town, Qingzhou City, Weifang, Shandong Province", "village", "上院村委会", ()),
        ("上院村", "village", "上院村委会", ("county-not-named",)),
        ("清州市弥河镇上园村", "village", "上院村委会", ("corrected", "corrected")),
        ("青州市弥河镇上上院村", "village", "上院村委会", ("partly-read",)),
        ("昌乐县弥河镇上院村", "village", "上院村委会", ("other-county",)),
        ("青州市弥河镇", "town", "弥河镇", ("only-division",)),
        ("弥河镇", "town", "弥河镇", ("only-division",)),
        ("青州", "county", "青州市", ("only-division",)),
        ("城关街道", "unknown", "", ("several-places",)),
        ("王家庄村", "unknown", "", ("several-places",)),
        ("青州路", "unknown", "", ("address-unknown",)),
        ("潍坊市", "unknown", "", ("address-unknown",)),
        ("weifang", "unknown", "", ("address-unknown",)),
        ("山东省济南市历下区", "unknown", "", ("address-unknown",)),
        ("济南市历城区王府街道", "unknown", "", ("elsewhere",)),
        ("火星一号坑", "unknown", "", ("address-unknown",)),
        ("", "unknown", "", ("no-text",)),
        (" \t\n", "unknown", "", ("no-text",)),
    ],
)
def test_how_exactly_and_what_is_doubtful(
    text: str, accuracy: str, matched: str, rules: tuple[str, ...], book: AddressBook
) -> None:
    answer = one(text, book)
    assert (answer.match.accuracy, answer.match.name, answer.rules) == (accuracy, matched, rules)
    assert (answer.match.lon == answer.match.lon) == (accuracy != "unknown")
    for finding in answer.findings:
        assert "%(" not in finding.message


def test_what_is_open_has_alternatives(book: AddressBook) -> None:
    answer = one("王家庄村", book)
    assert answer.doubtful
    assert 2 <= len(answer.alternatives) <= 5
    assert len({match.county for match in answer.alternatives}) > 1
    for match in answer.alternatives:
        assert match.path[-1] == match.name
        assert "王家庄" in match.name
        assert 0 < match.score <= 1
        assert match.uuid
    scores = [match.score for match in answer.alternatives]
    assert scores == sorted(scores, reverse=True)


def test_several_in_one_town_or_county_lead_to_that(book: AddressBook) -> None:
    answer = one("寿光市周家庄村", book)
    assert (answer.match.accuracy, answer.match.name, answer.rules) == ("county", "寿光市", ("several-places",))
    assert {match.county for match in answer.alternatives} == {"370783"}


def test_a_point_nearby_settles_it_but_is_said(book: AddressBook) -> None:
    others = one("寿光市周家庄村", book).alternatives
    for wanted in [match for match in others if match.name == "周家庄村委会"]:
        answer = one("寿光市周家庄村", book, near=(wanted.lon, wanted.lat))
        assert answer.match.village == wanted.village
        assert answer.rules == ("several-places",)


def test_what_is_known_of_where_it_lies(book: AddressBook) -> None:
    assert one("城关街道", book, within="370724").match.town == "370724001"
    assert one("村北头", book, within=VILLAGE).match.village == VILLAGE
    assert one("上院村", book, within="370781").rules == ()
    found = geocode(["城关街道", "城关街道", "城关街道"], book=book, within=["370724", "370702", None])
    assert found.town.tolist() == ["370724001", "370702001", ""]
    # the text's own county wins where it is named without a doubt, and it is said
    answer = one(CLEAN, book, within="370724")
    assert (answer.match.county, answer.rules) == ("370781", ("other-county",))
    # nothing there of that name: what lies elsewhere is not taken
    answer = one("上院村", book, within="370786")
    assert (answer.match.county, answer.match.accuracy) == ("370786", "county")


def test_former_names_of_divisions_and_places(own_index: Index) -> None:
    register = own_index.register
    with register.writing(who="test", why="") as connection:
        places = register.frame(connection, "place", columns=["uuid", "name", "major"])
        county = places[(places["name"] == "青州市") & (places["major"] == "division")]["uuid"].iloc[0]
        register.insert(connection, "place_name", {"place_uuid": county, "name": "益都县", "kind": "former"})
    book = AddressBook.of(own_index, reader=PUBLIC)
    answer = one("益都县弥河镇上院村", book)
    assert (answer.match.village, answer.rules, answer.doubtful) == (VILLAGE, ("former-name",), False)
    assert one("益都县", book).match.name == "青州市"


def test_nobody_finds_by_what_they_may_not_see(own_index: Index) -> None:
    register = own_index.register
    place = {
        "class_code": "22100",
        "county_code": "370781",
        "town_code": "370781001",
        "geom": shapely.Point(118.47, 36.7),
    }
    with register.writing(who="test", why="") as connection:
        register.insert(connection, "place", {**place, "name": "秘密观测花园小区", "secrecy": "secret"})
        known = register.insert(connection, "place", {**place, "name": "范公亭观景花园"})
        register.insert(
            connection, "place_name",
            {"place_uuid": known, "name": "七零三基地", "kind": "former", "secrecy": "secret"},
        )  # fmt: skip
    for text, matched in (
        ("青州市王府街道秘密观测花园小区", "秘密观测花园小区"),
        ("青州市王府街道七零三基地", "范公亭观景花园"),
    ):
        assert one(text, AddressBook.of(own_index, reader=ADMINISTRATOR)).match.name == matched
        public = one(text, AddressBook.of(own_index, reader=PUBLIC))
        assert matched not in (public.match.name, *(match.name for match in public.alternatives))
        assert "秘密" not in "".join(str(finding.params.get("name", "")) for finding in public.findings)


def test_a_county_s_clerk_finds_by_internal_names_of_that_county_alone(own_index: Index) -> None:
    register = own_index.register
    with register.writing(who="test", why="") as connection:
        for county, town in (("370781", "370781001"), ("370724", "370724001")):
            place = {"name": f"明珠花园{county}", "class_code": "22100", "county_code": county, "town_code": town,
                     "geom": shapely.Point(118.47, 36.7)}  # fmt: skip
            uuid = register.insert(connection, "place", place)
            name = {"place_uuid": uuid, "name": f"内部营区{county}", "kind": "alias", "secrecy": "internal"}
            register.insert(connection, "place_name", name)
    clerk = AddressBook.of(own_index, reader=Reader(frozenset({"clerk"}), frozenset({"370781"})))
    assert one("青州市王府街道内部营区370781", clerk).match.name == "明珠花园370781"
    assert one("临朐县城关街道内部营区370724", clerk).match.name != "明珠花园370724"


def test_a_name_that_was_just_written_is_found(own_index: Index) -> None:
    before = AddressBook.of(own_index, reader=PUBLIC)
    assert AddressBook.of(own_index, reader=PUBLIC) is before
    place = {"name": "新世纪明珠花园", "class_code": "22100", "county_code": "370781", "town_code": "370781001",
             "geom": shapely.Point(118.47, 36.7)}  # fmt: skip
    with own_index.register.writing(who="test", why="") as connection:
        own_index.register.insert(connection, "place", place)
    answer = one("青州市王府街道新世纪明珠花园3号楼", AddressBook.of(own_index, reader=PUBLIC))
    assert (answer.match.name, answer.match.accuracy, answer.match.layer) == (
        "新世纪明珠花园",
        "address",
        "place-names",
    )
    # and nearly so, but said
    slip = one("青州市王府街道新世记明珠花园3号楼", AddressBook.of(own_index, reader=PUBLIC))
    assert (slip.match.name, slip.rules) == ("新世纪明珠花园", ("corrected",))


HOSTILE = [
    "\x00\x01\x02", "\ud800", "青州市\x00弥河镇\u200b上院村", "'; DROP TABLE place; --", "%s%n%(name)s",
    "😀" * 50, "青" * 10_000, CLEAN * 700, "a" * 10_000, "qingzhou" * 1000, "（" * 500, "()[]{}<>", "-1", "NaN",
    "../../etc/passwd", "<script>alert(1)</script>", "\u202e青州市", "٣٤٥", "青州市" + "\u0301" * 200,
    "ｑｉｎｇｚｈｏｕ", "〇〇〇", "\U00020000\U00030000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts(text: str, book: AddressBook) -> None:
    answer = one(text, book)
    assert answer.text == text
    assert answer.match.accuracy in ACCURACIES
    assert answer.match.village in ("", VILLAGE)
    for finding in answer.findings:
        assert finding.message.isprintable()
        assert len(finding.message) < 500
    if len(text) > 300:
        assert "text-cut" in answer.rules


PARTS = [
    "山东省", "潍坊", "青州市", "青州", "临朐县", "王府街道", "城关街道", "弥河镇", "上院村", "王家庄", "路", "12号",
    "（", ")", "，", "qingzhou", "shi", "东", "社区",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=6)), max_size=8))
def test_no_county_is_taken_that_nothing_speaks_for(parts: list[str], book: AddressBook) -> None:
    answer = one("".join(parts), book)
    match = answer.match
    assert match.accuracy in ACCURACIES
    assert 0 <= match.score <= 1
    assert len(answer.alternatives) <= 5
    if match.county and not answer.doubtful:
        # in silence only where the county, or a town of it, stands there as it is called
        said = "".join(parts)
        names = [book.divisions.name_of(code) for code in (match.county, match.town) if code]
        latin = any(sign.isascii() and sign.isalpha() for sign in said)
        assert latin or any(name[:2] in said for name in names), (said, match.path)


def test_many_at_once_are_as_each_alone(book: AddressBook) -> None:
    texts = [CLEAN, None, "城关街道", CLEAN, "上院村"]
    done: list[float] = []
    found = geocode(texts, book=book, progress=done.append)
    assert len(found) == 5
    assert [answer.match for answer in found] == [one(text or "", book).match for text in texts]
    assert found.counts() == {"village": 3, "unknown": 2}
    assert found.lon.shape == (5,)
    assert found.doubtful.tolist() == [False, True, True, False, True]
    assert done == [0.0]
    assert len(geocode([], book=book)) == 0
