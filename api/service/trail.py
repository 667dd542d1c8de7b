"""What one request told and of whom, gathered while it runs, for the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Trail"]

_MOST_TOLD = 1_000


@dataclass(slots=True)
class Trail:
    """Subjects told of and questions asked, as ids and keyed digests: never a number or name.

    Attributes:
        action: Name of what the request asks for.
        asked: Keyed digests of what was asked for.
        decided: What was decided or written, by id.
        opened: Subject that an authorisation shown with the request opens, '' without one.
        meant: Subjects the question was about.
        intended: The log tells already that something was about to be written.
    """

    action: str = ""
    subjects: dict[str, None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    opened: str = ""
    meant: set[str] = field(default_factory=set)
    intended: bool = False

    def told(self, subjects: Iterable[str]) -> None:
        """Note that these subjects were told of; past a thousand only how many is kept."""
        self.subjects.update(dict.fromkeys(subjects))

    @property
    def tells(self) -> bool:
        """Whether there is anything for the log to tell."""
        return bool(self.subjects or self.asked or self.decided or self.intended)

    @property
    def spends(self) -> bool:
        """Whether the authorisation shown was for what was asked, so that the answer spends it."""
        return self.opened in self.meant

    def forget(self) -> None:
        """Forget what was noted by an attempt that told nothing."""
        self.subjects.clear()
        self.asked.clear()

    def body(self) -> dict[str, object]:
        """Return what the entry holds beside who and when."""
        kept = list(self.subjects)[:_MOST_TOLD]
        body: dict[str, object] = {"subjects": kept}
        if len(self.subjects) > len(kept):
            body["subjects_in_all"] = len(self.subjects)
        if self.asked:
            body["asked"] = self.asked[:_MOST_TOLD]
        if self.spends:
            body["authorised"] = self.opened
        if self.decided:
            body["decided"] = self.decided
        return body
