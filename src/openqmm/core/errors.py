"""Every refusal of the core, each a sentence fit to be shown to the person who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 100
"""Problems written out in one message; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input: where it is, what was found and what would be right."""

    message: str
    line: int | None = None
    column: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        place = [self.source or "", f"line {self.line}" if self.line else "", self.column or ""]
        where = ", ".join(part for part in place if part)
        return f"{where}: {self.message}" if where else self.message


class OpenQMMError(Exception):
    """A refusal that is shown without a stack trace."""


class InvalidInput(OpenQMMError):
    """An input that cannot be used; carries every fault found, not just the first.

    Parameters
    ----------
    subject : what was read, as the reader knows it ("scores.csv").
    problems : at least one fault, in reading order.
    complete : False when reading stopped early because there were too many.
    """

    def __init__(self, subject: str, problems: Sequence[Problem], *, complete: bool = True) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        self.complete = complete
        super().__init__(self._message())

    def _message(self) -> str:
        n = len(self.problems)
        count = "1 problem" if n == 1 else f"{n:,} problems"
        at_least = "" if self.complete else "at least "
        lines = [f"{self.subject} cannot be used: {at_least}{count}."]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if n > SHOWN:
            lines.append(f"  and {n - SHOWN:,} more like these.")
        if not self.complete:
            lines.append("  Reading stopped here; nothing was written.")
        return "\n".join(lines)


class InvalidProtocol(InvalidInput):
    """A protocol or question bank that breaks its format or its own rules."""


class InvalidScores(InvalidInput):
    """A file or set of scores that cannot be rated."""


class InvalidRecords(InvalidInput):
    """A public regulatory file that is not of the kind it was said to be."""


class InvalidApplications(InvalidInput):
    """A file of applications that cannot be screened or drawn from."""


class InvalidProgram(InvalidInput):
    """A program configuration that breaks its format."""


class FileRefused(OpenQMMError):
    """A file from outside is not taken; the text says why and what to do."""


class FileUnreadable(OpenQMMError):
    """A kept file is no longer what was kept, and is not shown."""


class NotFound(OpenQMMError):
    """Nothing of that name is known (or, for a person, nothing they may know of)."""


class NotPermitted(OpenQMMError):
    """The person may not do this; the text says why."""


class TransitionRefused(OpenQMMError):
    """The step is not open from the present state; the text says why."""


class Stale(TransitionRefused):
    """The record was changed after the person had read it; the text says by whom and when."""
