"""What is due after an approval: the filing, then the announcement. Days are days of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from layers.placenames.rules.facts import rows_of

Urgency = Literal["overdue", "soon", "open"]
SOON_DAYS: Final = 5
"""What is due within so many days is told before the rest."""
STEPS: Final = ("file", "announce")


@dataclass(frozen=True)
class Deadlines:
    """How many days there are for each step; empty: as the table beside this package says."""

    days: Mapping[str, int] = field(default_factory=dict)

    def due(self, approved: date, filed: date | None) -> dict[str, date]:
        """When each step is due.

        Parameters
        ----------
        approved
            The day of the decision.
        filed
            When it was filed; until then the announcement counts from the day on which the filing is due.
        """
        found: dict[str, date] = {}
        for row in rows_of("deadlines"):
            step = row["step"]
            start = approved if row["after"] == "approved" else (filed or found[row["after"]])
            found[step] = start + timedelta(days=self.days.get(step, int(row["days"])))
        return found


def urgency(due: date, today: date) -> Urgency:
    """How a day that something is due on stands to today: due today is not overdue."""
    if due < today:
        return "overdue"
    return "soon" if (due - today).days <= SOON_DAYS else "open"
