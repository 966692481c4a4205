"""Checks of the boundary register: lines, stakes and tripoints held against one another and against the areas.

Each rule is one small function of a line's facts; limits are parameters (`Limits`), numbers and codes are held against
the table of patterns.
"""

from layers.boundaries.checks.checking import RULES, Checked, check_boundaries, check_line
from layers.boundaries.checks.facts import Facts, LineFacts, StakeOn, gather
from layers.boundaries.checks.limits import DEFAULT, Limits
from layers.boundaries.checks.rule import Found, Rule

__all__ = [
    "DEFAULT",
    "RULES",
    "Checked",
    "Facts",
    "Found",
    "Limits",
    "LineFacts",
    "Rule",
    "StakeOn",
    "check_boundaries",
    "check_line",
    "gather",
]
