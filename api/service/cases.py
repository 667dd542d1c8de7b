"""What becomes of a listing, told by a caller: a row of the feed that brings such things in files.

Nothing is edited: an objection, repair or withdrawal is evidence of its own, which finds its
decision by authority and number, whichever arrives first.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.service.caller import Caller
from api.service.roles import Permission
from api.service.running import Running
from api.service.writing import rows_in
from api.wire.writing import Objection, Repair, Withdrawal
from graph.errors import QueryError, UsageError
from graph.model import Listing
from graph.ports import Store
from loaders.statements import case_key

__all__ = ["object_to", "repair", "withdraw"]

_OBJECTIONS, _REPAIRS = "objection", "credit_repair"
# The words of the feeds, which their manifests read (loaders/sources).
_CLOSED = {"upheld": "异议成立", "refused": "异议不成立，维持原决定"}
_REPAIRED = {"granted": "准予修复", "refused": "不予修复"}
_WITHDRAWN = "原决定机关撤销"


def object_to(running: Running, caller: Caller, uid: str, told: Objection) -> dict[str, Any]:
    """Record an objection to a listing, or how it was closed; it pauses from the day it was filed.

    Raises:
        UsageError: E955 a day to come, E956 closed before it was filed, E957 half a closing.
        QueryError: E953 no such listing, E954 nothing to refer to it by.
    """
    if (told.result is None) != (told.closed is None):
        raise UsageError("E957")
    _refuse_days(running.today, told.filed, told.closed)
    row = {
        "异议日期": told.filed.isoformat(),
        "异议事由": told.reason,
        "办理结果": _CLOSED[told.result] if told.result else "",
        "办结日期": _text(told.closed),
    }
    return _told(running, caller, (uid, _OBJECTIONS), row)


def withdraw(running: Running, caller: Caller, uid: str, told: Withdrawal) -> dict[str, Any]:
    """Record that the authority took its decision back; the listing is void from the start.

    Raises:
        UsageError: E955, a day to come.
        QueryError: E953 no such listing, E954 nothing to refer to it by.
    """
    _refuse_days(running.today, told.decided)
    row = {
        "异议日期": "",
        "异议事由": told.reason,
        "办理结果": _WITHDRAWN,
        "办结日期": told.decided.isoformat(),
    }
    return _told(running, caller, (uid, _OBJECTIONS), row)


def repair(running: Running, caller: Caller, uid: str, told: Repair) -> dict[str, Any]:
    """Record a decision on a repair; refused on a later day, it takes an earlier one back.

    Raises:
        UsageError: E955 a day to come, E956 decided before it was applied for.
        QueryError: E953 no such listing, E954 nothing to refer to it by.
    """
    _refuse_days(running.today, told.applied or told.decided, told.decided)
    row = {
        "修复申请日期": _text(told.applied),
        "修复日期": told.decided.isoformat(),
        "修复结果": _REPAIRED[told.result],
        "修复文号": told.number,
    }
    return _told(running, caller, (uid, _REPAIRS), row)


def _told(
    running: Running, caller: Caller, about: tuple[str, str], row: dict[str, str]
) -> dict[str, Any]:
    uid, source = about
    with rows_in(running, caller, uid, source) as writing:
        listing = _listing(writing.store, caller, uid)
        body = writing.write(source, [_decision(writing.store, listing, source) | row])
        now = writing.store.facts.listing(uid) or listing
        return body | {"listing": uid, "status": now.status_on(running.today)}


def _listing(store: Store, caller: Caller, uid: str) -> Listing:
    """Return a listing the caller may know of."""
    found = store.facts.listing(uid)
    if found is None or (found.subject in found.weakly and not caller.may(Permission.SUSPECTED)):
        raise QueryError("E953", where=uid)
    subject = store.finder.by_id(found.subject)
    if subject is not None and subject.kind == "person":
        caller.demand_person()
    caller.trail.told([found.subject])
    return found


def _decision(store: Store, listing: Listing, source: str) -> dict[str, str]:
    """Return the cells by which a row finds the decision, and the party as the decision has it."""
    if case_key(listing.authority, listing.decision_number) is None:
        raise QueryError("E954", where=listing.id)
    party = _party(store, listing)
    code = next(
        (
            each["value"]
            for each in party["identifiers"]
            if each["type"] == "uscc" and each["status"] in ("valid", "repaired")
        ),
        "",
    )
    name, number, authority = (
        ("异议主体", "决定书文号", "认定单位")
        if source == _OBJECTIONS
        else ("主体名称", "原决定书文号", "原认定单位")
    )
    return {
        name: party["name"],
        "统一社会信用代码": code,
        number: listing.decision_number,
        authority: listing.authority,
    }


def _party(store: Store, listing: Listing) -> Mapping[str, Any]:
    record = store.evidence.record(listing.records[0])
    mentions = [] if record is None else record["mentions"]
    own = [
        each for each in mentions if store.judgements.subject_of(each["mention"]) == listing.subject
    ]
    if not own or not own[0]["name"]:
        raise QueryError("E954", where=listing.id)
    first: Mapping[str, Any] = next((each for each in own if each["role"] == "subject"), own[0])
    return first


def _refuse_days(today: date, earlier: date, later: date | None = None) -> None:
    for day in (earlier, later):
        if day is not None and day > today:
            raise UsageError("E955", day=day.isoformat())
    if later is not None and later < earlier:
        raise UsageError("E956", earlier=earlier.isoformat(), later=later.isoformat())


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
