"""Rounds of joint inspections: the five-year plan, a round with its lines, who walks them and how far they are."""

from surveys.rounds.model import (
    ACTIONS,
    KINDS,
    STATES,
    TRANSITIONS,
    Plan,
    PlanLine,
    Round,
    Task,
    UnknownRound,
    UnknownTask,
    WrongTaskStep,
)
from surveys.rounds.planning import inspections_of, read_plan, read_round
from surveys.rounds.writing import (
    RoundConflict,
    Saved,
    add_lines,
    add_round,
    change_round,
    change_task,
    remove_round,
    remove_task,
    step,
)

__all__ = [
    "ACTIONS",
    "KINDS",
    "STATES",
    "TRANSITIONS",
    "Plan",
    "PlanLine",
    "Round",
    "RoundConflict",
    "Saved",
    "Task",
    "UnknownRound",
    "UnknownTask",
    "WrongTaskStep",
    "add_lines",
    "add_round",
    "change_round",
    "change_task",
    "inspections_of",
    "read_plan",
    "read_round",
    "remove_round",
    "remove_task",
    "step",
]
