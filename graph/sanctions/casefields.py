"""Strict reading of the JSON values of a case file, every fault named by its place."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from graph.errors import DataError

__all__ = ["CaseFields"]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CaseFields:
    """One object of a case file together with where it stands."""

    def __init__(self, content: object, place: str) -> None:
        self.place = place
        if not isinstance(content, Mapping):
            raise self.fault("E751", value=_short(content), expected="object")
        self._content: Mapping[Any, Any] = content

    def fault(self, code: str, key: str = "", /, **facts: object) -> DataError:
        """Return an error about a key of this object."""
        return DataError(code, where=self._at(key), **facts)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse keys outside a list (E752)."""
        for key in self._content:
            if key not in allowed:
                told = _short(key) if not isinstance(key, str) else key
                raise self.fault("E752", told, key=told, allowed=", ".join(sorted(allowed)))

    def optional(self, key: str) -> Any:
        """Return a value, None when absent or null."""
        return self._content.get(key)

    def text(self, key: str) -> str:
        """Return a required, non-empty text (E753, E751)."""
        value = self.optional(key)
        if value is None:
            raise self.fault("E753", key, key=key)
        if not _is_text(value) or not value.strip():
            raise self.wrong(key, value, "text")
        return str(value)

    def optional_text(self, key: str) -> str | None:
        """Return a text, None when absent, null or blank."""
        value = self.optional(key)
        if value is not None and not _is_text(value):
            raise self.wrong(key, value, "text")
        return str(value) if value and value.strip() else None

    def code(self, key: str, allowed: Collection[str]) -> str:
        """Return a required code (E754)."""
        value = self.text(key)
        if value not in allowed:
            raise self.fault("E754", key, value=value, allowed=", ".join(sorted(allowed)))
        return value

    def subject(self, key: str, ids: Collection[str]) -> str:
        """Return a required subject id that the case holds (E757)."""
        return self._known(key, self.text(key), ids)

    def subjects(self, key: str, ids: Collection[str]) -> tuple[str, ...]:
        """Return a list of subject ids that the case holds, empty when absent."""
        value = self.optional(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(key, value, "list of subject ids")
        return tuple(dict.fromkeys(self._known(key, each, ids) for each in value))

    def day(self, key: str) -> date | None:
        """Return a date, None when absent or null (E755)."""
        value = self.optional(key)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.fault("E755", key, value=_short(value))

    def period(self) -> tuple[date | None, date | None]:
        """Return `since` and `until`; an end before the beginning is refused (E759)."""
        since, until = self.day("since"), self.day("until")
        if since is not None and until is not None and until < since:
            raise self.fault("E759", "until", since=since, until=until)
        return since, until

    def share(self, key: str) -> float | None:
        """Return a fraction from 0 to 1, None when absent or null (E758)."""
        value = self.optional(key)
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:  # nan compares false too
            raise self.fault("E758", key, value=_short(value))
        return float(value)

    def objects(self, key: str) -> Iterator["CaseFields"]:
        """Yield the objects of a list, none when it is absent."""
        value = self.optional(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.wrong(key, value, "list")
        for position, item in enumerate(value):
            yield CaseFields(item, f"{self._at(key)}[{position}]")

    def wrong(self, key: str, value: object, expected: str) -> DataError:
        """Return the error for a value of another type (E751)."""
        return self.fault("E751", key, value=_short(value), expected=expected)

    def _known(self, key: str, subject: str, ids: Collection[str]) -> str:
        if subject not in ids:
            raise self.fault("E757", key, value=subject)
        return subject

    def _at(self, key: str) -> str:
        return ".".join(part for part in (self.place, key) if part)


def _is_text(value: object) -> bool:
    """Tell whether a value is text that can be written: JSON allows lone surrogates."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _short(value: object) -> str:
    return ascii(value)[:80] if not _is_text(value) else repr(value)[:80]
