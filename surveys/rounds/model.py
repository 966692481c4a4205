"""What a round and its tasks are, and the one table of a task's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from gis.errors import N_, Conflict, NotFound
from layers.catalogue import Titled

INTERVAL_YEARS: Final = 5
"""A line is inspected jointly every five years (行政区域界线管理条例, State Council order 353)."""

KINDS: Final[tuple[Titled, ...]] = (
    Titled("regular", "五年联检", "Five-year inspection"),
    Titled("adhoc", "临时检查", "Ad-hoc inspection"),
)

State = Literal["planned", "fieldwork", "finished", "cancelled"]

STATES: Final[tuple[Titled, ...]] = (
    Titled("planned", "已计划", "Planned"),
    Titled("fieldwork", "外业中", "In the field"),
    Titled("finished", "已完成", "Finished"),
    Titled("cancelled", "已取消", "Cancelled"),
)

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "begin": N_("Begin field work"),
        "finish": N_("Finish"),
        "cancel": N_("Cancel the task"),
        "resume": N_("Take up again"),
    }
)


@dataclass(frozen=True)
class Transition:
    """One row of the table: in a state the action leads to another; ``reason``: somebody has to say why."""

    before: State
    action: str
    after: State
    reason: bool = False


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("planned", "begin", "fieldwork"),
    Transition("fieldwork", "finish", "finished"),
    Transition("planned", "cancel", "cancelled", reason=True),
    Transition("fieldwork", "cancel", "cancelled", reason=True),
    Transition("cancelled", "resume", "planned", reason=True),
    Transition("finished", "resume", "fieldwork", reason=True),
)
"""The whole table: what is not in it cannot be done."""


class UnknownRound(NotFound):
    """A round that there is not, or not for this reader."""

    code: ClassVar[str] = "unknown-round"


class UnknownTask(NotFound):
    """A task that there is not, or not for this reader."""

    code: ClassVar[str] = "unknown-task"


class WrongTaskStep(Conflict):
    """What cannot be done with a task in the state that it is in."""

    code: ClassVar[str] = "wrong-task-step"


@dataclass(frozen=True)
class Task:
    """One line in a round.

    Parameters
    ----------
    lead, partner
        County codes of the side that leads the inspection and of the other; ``lead_name``, ``partner_name`` theirs.
    length_m
        Geodesic length of the line as it is registered, None without a geometry.
    stakes, findings
        On the line: registered stakes, and errors and warnings of the register's checks.
    days_left
        Until it is due; negative when it is late, None where no day is set or nothing is left to do.
    """

    uuid: str
    round_uuid: str
    line_uuid: str
    line_code: str
    line_name: str
    lead: str
    lead_name: str
    partner: str
    partner_name: str
    state: State
    lead_surveyors: tuple[str, ...]
    partner_surveyors: tuple[str, ...]
    starts: str | None
    due: str | None
    finished: str | None
    remark: str | None
    length_m: float | None
    stakes: int
    findings: int
    days_left: int | None
    version: int

    @property
    def open(self) -> bool:
        """Whether anything is left to do."""
        return self.state in ("planned", "fieldwork")

    @property
    def actions(self) -> tuple[str, ...]:
        """What its state allows."""
        return tuple(row.action for row in TRANSITIONS if row.before == self.state)


@dataclass(frozen=True)
class Round:
    """A round with the tasks that a reader sees. ``kind`` is empty for one that only records what was inspected."""

    uuid: str
    year: int | None
    title: str
    kind: str
    occasion: str | None
    starts: str | None
    due: str | None
    assumed: bool
    source: str | None
    note: str | None
    version: int
    tasks: tuple[Task, ...]

    def of_state(self, *states: str) -> tuple[Task, ...]:
        """Its tasks in these states."""
        return tuple(task for task in self.tasks if task.state in states)

    def metres(self, *states: str) -> float:
        """Length of the lines of its tasks in these states (all, where none is named), in metres."""
        tasks = self.of_state(*states) if states else self.tasks
        return sum(task.length_m or 0.0 for task in tasks)

    @property
    def late(self) -> tuple[Task, ...]:
        """The tasks whose day has gone by."""
        return tuple(task for task in self.tasks if task.days_left is not None and task.days_left < 0)


Standing = Literal["running", "planned", "overdue", "due", "later", "never"]


@dataclass(frozen=True)
class PlanLine:
    """A line in the five-year plan.

    Parameters
    ----------
    inspected
        Years of the inspections that are on record, the latest last.
    due
        Year in which the next one is due, None where none is on record.
    planned
        Years of the rounds in which it has an open task.
    standing
        ``running``, ``planned``: it has an open task; else ``overdue``, ``due`` (this year), ``later`` or ``never``
        inspected.
    too_late
        Planned, but only for a year after the one in which it is due.
    """

    uuid: str
    code: str
    name: str
    inner: bool
    length_m: float | None
    inspected: tuple[int, ...]
    due: int | None
    planned: tuple[int, ...]
    standing: Standing
    too_late: bool


@dataclass(frozen=True)
class Plan:
    """All lines that a reader sees with when they were and will be inspected, and all rounds, the latest first."""

    today: date
    years: tuple[int, ...]
    lines: tuple[PlanLine, ...]
    rounds: tuple[Round, ...]

    def counts(self) -> dict[str, int]:
        """How many lines stand how."""
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.standing] = found.get(line.standing, 0) + 1
        return found
