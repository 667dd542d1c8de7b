"""What one request told and of whom, gathered while it runs, for the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Trail"]

_MOST_TOLD = 1_000


@dataclass(slots=True)
class Trail:
    """Subjects told of and questions asked, as ids and keyed digests: never a number or name.

    Attributes:
        asked: Keyed digests of what was asked for.
        decided: What was decided or written, by id.
    """

    subjects: dict[str, None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)

    def told(self, subjects: Iterable[str]) -> None:
        """Note that these subjects were told of; past a thousand only how many is kept."""
        self.subjects.update(dict.fromkeys(subjects))

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
        if self.decided:
            body["decided"] = self.decided
        return body
