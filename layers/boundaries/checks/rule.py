"""A rule of the boundary register: its key, how bad a breach is, what is said of it and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from gis.findings import Finding, Severity


@dataclass(frozen=True)
class Found:
    """A finding at a record of the boundary register.

    Parameters
    ----------
    line
        Uuid of the line under which it is listed.
    layer, uuid, label
        The record that has the flaw: the line itself, a stake or a tripoint.
    """

    line: str
    layer: str
    uuid: str
    label: str
    finding: Finding


@dataclass(frozen=True)
class Rule:
    """One rule; ``title_zh`` and ``title_en`` name it in lists."""

    key: str
    severity: Severity
    title_zh: str
    title_en: str
    template: str
    advice: str
    layer: str = field(default="boundary-lines")

    def broken(self, line: str, uuid: str, label: str, /, **params: object) -> Found:
        """The rule broken by a record of its layer."""
        finding = Finding(self.key, self.severity, uuid, self.template, {"label": label, **params}, self.advice)
        return Found(line, self.layer, uuid, label, finding)
