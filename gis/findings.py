"""Flaws of data as values: what is wrong, where, and what to do. Exceptions are for broken contracts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One flaw.

    Parameters
    ----------
    rule
        Stable key of the rule that found it, such as ``ring-crosses-itself``.
    severity
        ``error`` (cannot stand), ``warning`` (look at it) or ``info``.
    where
        What has the flaw: a file, a row, a record's uuid, a field.
    template, advice
        English sentences with ``%(name)s`` places, what is wrong and what to do about it.
    params
        What fills the places.
    """

    rule: str
    severity: Severity
    where: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict)
    advice: str = ""

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params if self.params else self.template
