"""Rows of the registers: every organisation, its posts, owners and changes, cast included."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from loaders.synthetic.bulk import who
from loaders.synthetic.chance import Lot
from loaders.synthetic.entries import Entry, Value
from loaders.synthetic.feeds import Feed
from loaders.synthetic.firms import DISTRICT_DATE, Organisation
from loaders.synthetic.world import LENDER, Party, World

__all__ = ["REGISTERS"]

_OFFICE: Final = "六盘水市钟山区市场监督管理局"
_TITLES: Final = {
    "enterprise": "执行董事",
    "branch": "负责人",
    "individual_business": "经营者",
    "cooperative": "理事长",
}
_POSTS: Final = {
    "执行董事": "director",
    "董事": "director",
    "负责人": "person_in_charge",
    "经营者": "operator",
    "理事长": "chair",
    "监事": "supervisor",
    "总经理": "senior_manager",
    "财务负责人": "finance_officer",
}
_HEAD_ROLES: Final = {"branch": "person_in_charge", "individual_business": "operator"}
# Shares of firms whose register shows these; small districts show them through the cast.
_MANAGED: Final = 0.3
_EQUITY_CHANGED: Final = 0.08
_GUARANTOR: Final = 0.03


def _organisations(world: World, feed: Feed) -> Iterator[Entry]:
    for number in world.numbers(feed.bulk.kinds):
        itself = world.organisation(number)
        lot = world.lot(feed.source, number)
        asked = feed.bulk.parties.items()
        found = {key: who(world, lot, itself, how, DISTRICT_DATE) for key, how in asked}
        parties = {key: those for key, those in found.items() if those}
        changes = (day for day in (itself.renamed, itself.head_changed) if day is not None)
        approved = max((itself.established, *changes))
        values: dict[str, Value] = {
            "established": itself.established,
            "approved": approved,
            "office": _OFFICE,
            "number": f"{itself.body[2:]}",
            "until": date(2099, 12, 31),
        }
        roles = {}
        if feed.roles.get("legal_representative") == "by_kind":
            roles["legal_representative"] = _HEAD_ROLES.get(itself.kind, "legal_representative")
        yield Entry(parties, values, DISTRICT_DATE, roles=roles)


def _posts(world: World, feed: Feed) -> Iterator[Entry]:
    for number in world.numbers(feed.bulk.kinds):
        itself = world.organisation(number)
        yield _post(world, itself, (itself.head, _TITLES[itself.kind]), 1)
        if itself.kind != "enterprise":
            continue
        posts = itself.posts
        if number >= 0:
            posts = ((itself.supervisor, "监事"),)
            lot = world.lot("managed", number)
            if lot.chance(_MANAGED):
                posts = (
                    *posts,
                    (lot.below(world.plan.people), lot.pick(("总经理", "董事", "财务负责人"))),
                )
        for place, post in enumerate(posts, start=2):
            yield _post(world, itself, post, place)


def _post(world: World, itself: Organisation, post: tuple[int, str], place: int) -> Entry:
    person, position = post
    parties: dict[str, tuple[Party, ...]] = {
        "subject": (itself,),
        "person": (world.person(person),),
    }
    values: dict[str, Value] = {
        "serial": f"{itself.body[2:]}{place:02d}",
        "position": position,
        "heads": "1" if place == 1 else "0",
    }
    return Entry(parties, values, DISTRICT_DATE, roles={"person": _POSTS[position]})


def _owners(world: World, feed: Feed) -> Iterator[Entry]:
    for number in world.numbers(feed.bulk.kinds):
        itself = world.organisation(number)
        for person, share in itself.owners:
            parties: dict[str, tuple[Party, ...]] = {
                "subject": (itself,),
                "shareholder": (world.person(person),),
            }
            values: dict[str, Value] = {
                "share": f"{share}%",
                "paid": str(itself.capital * share / 100),
                "since": itself.established,
            }
            yield Entry(parties, values, DISTRICT_DATE)


def _changes(world: World, feed: Feed) -> Iterator[Entry]:
    for number in world.numbers(feed.bulk.kinds):
        itself = world.organisation(number)
        if itself.renamed is not None:
            values: dict[str, Value] = {
                "item": "名称变更",
                "after": itself.name,
                "changed": itself.renamed,
            }
            once = replace(itself, name=itself.former, renamed=None)
            renaming: dict[str, tuple[Party, ...]] = {"subject": (itself,), "before": (once,)}
            yield Entry(renaming, values, DISTRICT_DATE, roles={"before": "former_name"})
        if itself.head_changed is not None and itself.head_before is not None:
            title = "负责人" if itself.kind == "branch" else "法定代表人"
            before, after = world.person(itself.head_before), world.person(itself.head)
            values = {
                "item": f"{title}变更",
                "before": before.name,
                "after": after.name,
                "changed": itself.head_changed,
            }
            parties: dict[str, tuple[Party, ...]] = {
                "subject": (itself,),
                "before": (before,),
                "after": (after,),
            }
            role = _HEAD_ROLES.get(itself.kind, "legal_representative")
            yield Entry(parties, values, DISTRICT_DATE, roles={"before": role, "after": role})


def _equity_changes(world: World, feed: Feed) -> Iterator[Entry]:
    for number in world.numbers(feed.bulk.kinds):
        itself = world.organisation(number)
        lot = world.lot("equity", number)
        if not _shown(number, lot, _EQUITY_CHANGED):
            continue
        for person, share in itself.owners:
            parties: dict[str, tuple[Party, ...]] = {
                "subject": (itself,),
                "shareholder": (world.person(person),),
            }
            values: dict[str, Value] = {
                "changed": lot.day(itself.established + timedelta(days=90), DISTRICT_DATE),
                "before": f"{lot.below(share + 1)}%",
                "after": f"{share}%",
            }
            yield Entry(parties, values, DISTRICT_DATE)


def _shown(number: int, lot: Lot, share: float) -> bool:
    """Return whether a firm shows what a share of firms do; one of the cast always does."""
    return number == LENDER - 1 or (number >= 0 and lot.chance(share))


def _guarantees(world: World, feed: Feed) -> Iterator[Entry]:
    span = world.plan.spans["enterprise"]
    for number in world.numbers(feed.bulk.kinds):
        lot = world.lot("guarantee", number)
        if not _shown(number, lot, _GUARANTOR):
            continue
        itself = world.organisation(number)
        debtor = world.organisation(span.start + lot.below(len(span)))
        start = lot.day(date(2023, 1, 1), date(2025, 12, 31))
        values: dict[str, Value] = {
            "amount": str(10 * (1 + lot.below(90))),
            "since": start,
            "until": start + timedelta(days=730),
        }
        lender = world.organisation(LENDER)
        parties: dict[str, tuple[Party, ...]] = {
            "subject": (itself,),
            "debtor": (debtor,),
            "creditor": (lender,),
        }
        yield Entry(parties, values, DISTRICT_DATE)


REGISTERS: Final[Mapping[str, Callable[[World, Feed], Iterator[Entry]]]] = {
    "organisations": _organisations,
    "posts": _posts,
    "owners": _owners,
    "changes": _changes,
    "equity_changes": _equity_changes,
    "guarantees": _guarantees,
}
"""Makers of register rows by the name feed files use."""
