"""Places from texts, many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gis.errors import N_
from gis.findings import Finding
from layers.geocoding.answering import answered
from layers.geocoding.book import AddressBook
from layers.geocoding.model import NOTHING, Answer, Geocoded
from layers.geocoding.understanding import understood
from layers.geocoding.wording import LONGEST

_EACH = 200


def geocode(
    texts: Sequence[str | None],
    *,
    book: AddressBook,
    within: str | Sequence[str | None] = "",
    near: tuple[float, float] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Geocoded:
    """Find the places that texts name, from the register's own names alone.

    Parameters
    ----------
    texts
        Addresses or names of places as people write them, in characters or in pinyin; None and blank ones say nothing.
    book
        The names that the reader may see.
    within
        Code of a county, town or village in which all lie as far as is known, or one for each text. A code that the
        register does not have says nothing. A text that names another county without a doubt wins, and it is noted.
    near
        Longitude and latitude in degrees: of places that are as likely the nearest one is taken, and it is noted.
    progress
        Called now and then with the part done, 0 to 1.

    Returns
    -------
    Geocoded
        One answer for each text, in their order.
    """
    codes = [within] * len(texts) if isinstance(within, str) else within
    row_of = book.divisions.row_of
    seen: dict[tuple[str, int], Answer] = {}
    answers: list[Answer] = []
    for number, (text, code) in enumerate(zip(texts, codes, strict=True)):
        key = (text or "", row_of.get(code or "", -1))
        answer = seen.get(key)
        if answer is None:
            answer = seen[key] = _one(key[0], book, key[1], near)
        answers.append(answer)
        if progress is not None and number % _EACH == 0:
            progress(number / len(texts))
    return Geocoded(answers)


def _one(text: str, book: AddressBook, within: int, near: tuple[float, float] | None) -> Answer:
    if not text.strip():
        return Answer(text, NOTHING, (), (Finding("no-text", "warning", "address", N_("There is no text."), {}, ""),))
    code = book.divisions.row_of.get(text.strip())
    found = understood(
        book, book.entries.name[code] if code is not None else text, within=within if code is None else code
    )
    answer = answered(book, text, found, within=within if code is None else code, near=near)
    if len(text) > LONGEST:
        cut = Finding("text-cut", "warning", "address", N_("Only the first %(most)s characters were read."),
                      {"most": LONGEST}, N_("Give the address alone."))  # fmt: skip
        answer = Answer(text, answer.match, answer.alternatives, (*answer.findings, cut))
    return answer
