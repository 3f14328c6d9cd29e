"""What a verification found: every fault in its place, and what could not be checked."""

from __future__ import annotations

from dataclasses import dataclass, field

LISTED = 100
"""Faults written out; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `passed` is None where it could not be checked."""

    name: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a verification.

    `kind` says what was verified, `faults` are sentences in the order found (at most `LISTED`),
    `fault_count` counts all of them.
    """

    kind: str
    checks: tuple[Check, ...]
    faults: tuple[str, ...]
    fault_count: int

    @property
    def valid(self) -> bool:
        """Whether something was checked and nothing failed."""
        return not self.fault_count and any(check.passed for check in self.checks)

    @property
    def first_bad(self) -> str | None:
        """The first fault, located; None if there is none."""
        return self.faults[0] if self.faults else None


@dataclass(slots=True)
class Findings:
    """Collects what a verification sees, in the order of the checks' first naming."""

    kind: str
    _faults: list[str] = field(default_factory=list)
    _of_check: dict[str, list[str]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _details: dict[str, str] = field(default_factory=dict)
    _open: dict[str, str] = field(default_factory=dict)

    def fault(self, check: str, sentence: str) -> None:
        """Note a fault under the name of a check."""
        listed = self._of_check.setdefault(check, [])
        self._counts[check] = self._counts.get(check, 0) + 1
        if len(self._faults) < LISTED:
            self._faults.append(sentence)
            listed.append(sentence)

    def looked_at(self, check: str, detail: str) -> None:
        """Note that a check was made, and what holds if no fault was found."""
        self._of_check.setdefault(check, [])
        self._details[check] = detail

    def not_checked(self, check: str, detail: str) -> None:
        """Note what could not be checked, and why."""
        self._of_check.setdefault(check, [])
        self._open[check] = detail

    @property
    def failed(self) -> bool:
        """Whether any fault was noted so far."""
        return bool(self._counts)

    def report(self) -> Report:
        """Return the outcome."""
        checks = tuple(self._check(name) for name in self._of_check)
        return Report(self.kind, checks, tuple(self._faults), sum(self._counts.values()))

    def _check(self, name: str) -> Check:
        count = self._counts.get(name, 0)
        if count:
            listed = self._of_check[name]
            lines = [f"{count:,} fault{'s' * (count > 1)}", *listed]
            if count > len(listed):
                lines.append(f"and {count - len(listed):,} more")
            return Check(name, passed=False, detail="\n".join(lines))
        if name in self._open:
            return Check(name, passed=None, detail=self._open[name])
        return Check(name, passed=True, detail=self._details.get(name, ""))
