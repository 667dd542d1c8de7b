"""Sentences several commands end with."""

from collections.abc import Mapping
from typing import Any

from api.session import Session
from graph.texts import phrase

__all__ = ["tell_coverage"]


def tell_coverage(session: Session, cover: Mapping[str, Any]) -> None:
    """Name the feeds an answer rests on that are older than they should be, by department."""
    by_department: dict[str, list[str]] = {}
    for feed in cover["sources"]:
        if feed["stale"]:
            told = phrase(
                "stale_feed", session.lang, source=feed["source"], day=feed["data_date"] or "?"
            )
            by_department.setdefault(feed["department"].get(session.lang, ""), []).append(told)
    if by_department:
        within, between = (phrase(f"{what}_separator", session.lang) for what in ("item", "list"))
        feeds = (f"{name} {within.join(told)}" for name, told in sorted(by_department.items()))
        session.out.line(phrase("stale_sources", session.lang, sources=between.join(feeds)))
