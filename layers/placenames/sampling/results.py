"""What the verdicts say: the share of wrong records with its interval, by class and by field. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scipy.special import betaincinv

from layers.office.submissions import Sampled

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Share:
    """Wrong ones among judged ones, and between which shares the whole lies (None where nothing is judged)."""

    judged: int
    wrong: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing is judged."""
        return self.wrong / self.judged if self.judged else None


@dataclass(frozen=True)
class Results:
    """A sample counted.

    Parameters
    ----------
    size
        Records of the sample.
    all_
        Over all classes.
    majors, fields
        By major class; and in how many records each field is wrong.
    """

    size: int
    all_: Share
    majors: Mapping[str, Share]
    fields: Mapping[str, int]

    @property
    def complete(self) -> bool:
        """Whether every record is judged."""
        return self.all_.judged == self.size

    def within(self, limit_percent: float) -> bool:
        """Whether the share of wrong ones is not above a limit in percent."""
        # 3 of 100 is 3 %, whatever 3 / 100 * 100 comes to in doubles
        return self.all_.wrong * 100 <= limit_percent * self.all_.judged + 1e-9


def interval(wrong: int, judged: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact interval of a share after Clopper and Pearson.

    Its ends are quantiles of beta distributions: the lower one B(α/2; k, n−k+1), the upper one B(1−α/2; k+1, n−k). It
    covers the true share with at least the confidence asked for, whatever that share is. It takes the records as
    drawn independently from a large whole: of a sample that is a good part of its county it is wider than need be,
    never narrower.

    Parameters
    ----------
    wrong, judged
        k of n; n at least 1.

    Source
    ------
    C. J. Clopper, E. S. Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial,
    Biometrika 26 (1934), 404-413.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if wrong == 0 else float(betaincinv(wrong, judged - wrong + 1, tail))
    high = 1.0 if wrong == judged else float(betaincinv(wrong + 1, judged - wrong, 1 - tail))
    return low, high


def counted(sample: Iterable[Sampled]) -> Results:
    """Count the verdicts of a sample."""
    rows = list(sample)
    majors = dict.fromkeys(row.major for row in rows)
    fields = Counter(name for row in rows if row.verdict == "wrong" for name in row.fields)
    return Results(
        len(rows),
        _share(rows),
        {major: _share([row for row in rows if row.major == major]) for major in majors},
        dict(sorted(fields.items(), key=lambda item: (-item[1], item[0]))),
    )


def _share(rows: list[Sampled]) -> Share:
    judged = sum(row.verdict != "" for row in rows)
    wrong = sum(row.verdict == "wrong" for row in rows)
    low, high = interval(wrong, judged) if judged else (None, None)
    return Share(judged, wrong, low, high)
