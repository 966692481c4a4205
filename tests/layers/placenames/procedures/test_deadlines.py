"""When what is due."""

from __future__ import annotations

from datetime import date

from layers.placenames.procedures.deadlines import Deadlines, urgency


def test_fifteen_days_and_fifteen_more() -> None:
    due = Deadlines().due(date(2026, 2, 20), None)
    assert due == {"file": date(2026, 3, 7), "announce": date(2026, 3, 22)}


def test_the_announcement_counts_from_the_filing() -> None:
    assert Deadlines().due(date(2026, 2, 20), date(2026, 2, 23))["announce"] == date(2026, 3, 10)


def test_an_office_may_have_other_days() -> None:
    due = Deadlines({"file": 10}).due(date(2026, 12, 30), None)
    assert due == {"file": date(2027, 1, 9), "announce": date(2027, 1, 24)}


def test_due_today_is_not_overdue() -> None:
    today = date(2026, 3, 7)
    days = [date(2026, 3, 6), today, date(2026, 3, 12), date(2026, 3, 13)]
    assert [urgency(day, today) for day in days] == ["overdue", "soon", "soon", "open"]
