"""Organisations of the invented district, and who heads, owns and oversees them when.

People are named by number: a number from 0 is a resident of the crowd, a negative one a
member of the scripted cast. An organisation is recomputed from its index whenever a file
needs it, so nothing is kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from loaders.synthetic.chance import Lot, scatter
from loaders.synthetic.codes import body_of, org_code, registration_number, uscc
from loaders.synthetic.words import firm_words

__all__ = ["DISTRICT_DATE", "HEADS", "KINDS", "Organisation", "Plan", "invent_organisation"]

DISTRICT_DATE: Final = date(2026, 11, 1)
"""The day the invented files were delivered; every date in them is earlier or a term's end."""

KINDS: Final = (
    ("enterprise", 0.53),
    ("individual_business", 0.27),
    ("branch", 0.05),  # 4.7 % of registered names (domain section 2.6)
    ("cooperative", 0.04),
    ("social_organisation", 0.04),
    ("public_institution", 0.03),
    ("rural_collective", 0.025),
    ("government_body", 0.015),
)
"""Kinds of organisations and their shares of a district."""

HEADS: Final = {
    "enterprise": ("91",),
    "branch": ("91",),
    "individual_business": ("92",),
    "cooperative": ("93",),
    "social_organisation": ("51", "52"),
    "public_institution": ("12",),
    "rural_collective": ("N2",),
    "government_body": ("11",),
}
_MARKET: Final = frozenset({"enterprise", "branch", "individual_business", "cooperative"})
_RENAMED: Final = 0.05
_HEAD_CHANGED: Final = 0.14
# One head in seven also heads others, so that companies of one person are met.
_SERIAL_HEADS: Final = 0.15
_SHARED_DOOR: Final = 0.06
_FIRST_DAY: Final = date(1996, 1, 8)
_NAME_STEP: Final = 1_000_003
_REGION_STARTS: Final = ("六盘水市", "六盘水", "贵州", "贵州", "六盘水市钟山区", "")
_BRANCH_ENDS: Final = ("分公司", "分店", "第一分公司", "第二分公司")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many there are of each: organisations of a kind lie in one span of indices."""

    seed: int
    spans: dict[str, range]
    people: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """One invented organisation.

    Attributes:
        body: First 8 characters of the organisation code.
        regno: Registration number of the market office; empty elsewhere.
        former: Its name before `renamed`.
        head: Number of the person who heads it; `head_before` did until `head_changed`.
        owners: Numbers of people and their shares in per cent.
        parent: Index of the organisation a branch belongs to.
        posts: Numbers of further people and the posts they hold.
    """

    key: str
    index: int
    kind: str
    name: str
    body: str
    uscc: str
    regno: str
    established: date
    address: str
    phone: str
    trade: int
    capital: int
    head: int
    supervisor: int
    owners: tuple[tuple[int, int], ...] = ()
    former: str = ""
    renamed: date | None = None
    head_before: int | None = None
    head_changed: date | None = None
    parent: int | None = None
    posts: tuple[tuple[int, str], ...] = ()
    status: str = "存续（在营、开业、在册）"

    @property
    def org_code(self) -> str:
        """The organisation code as printed: body, hyphen, check."""
        return org_code(self.body)

    @property
    def pripid(self) -> str:
        """The market office's own key, for the kinds it registers."""
        return f"ZS{self.body[2:]}{self.regno[-4:]}"

    def name_on(self, day: date) -> str:
        """Return the name it bore on a day."""
        return self.former if self.renamed is not None and day < self.renamed else self.name

    def head_on(self, day: date) -> int:
        """Return who headed it on a day."""
        if self.head_changed is not None and day < self.head_changed:
            return self.head if self.head_before is None else self.head_before
        return self.head


def invent_organisation(plan: Plan, index: int) -> Organisation:
    """Return the organisation of an index: always the same one for a seed."""
    kind = next(kind for kind, span in plan.spans.items() if index in span)
    lot = Lot(plan.seed, "organisation", index)
    head = _someone(plan, lot, index)
    body = body_of(index)
    established = lot.day(_FIRST_DAY, date(2025, 6, 30))
    parent = _parent(plan, lot) if kind == "branch" else None
    former, renamed, before, changed = _history(plan, lot, kind, index, established)
    return Organisation(
        key=f"O{index}",
        index=index,
        kind=kind,
        name=_name(plan, kind, index, parent),
        body=body,
        uscc=uscc(lot.pick(HEADS[kind]), body),
        regno=_regno(kind, index),
        established=established,
        address=_address(lot),
        phone=f"0858-0{lot.below(1_000_000):06d}",
        trade=_brand_and_trade(index)[1],
        capital=lot.pick((10, 50, 100, 200, 500, 1000, 3000)),
        head=head,
        supervisor=lot.below(plan.people),
        owners=_owners(plan, lot, head) if kind == "enterprise" else (),
        former=former,
        renamed=renamed,
        head_before=before,
        head_changed=changed,
        parent=parent,
    )


def _history(
    plan: Plan, lot: Lot, kind: str, index: int, established: date
) -> tuple[str, date | None, int | None, date | None]:
    former, renamed, before, changed = "", None, None, None
    if kind == "enterprise" and lot.chance(_RENAMED):
        former = _firm_name(Lot(plan.seed, "former", index), _place_of_former(plan, index))
        renamed = lot.day(established + timedelta(days=200), date(2026, 6, 30))
    if kind != "individual_business" and lot.chance(_HEAD_CHANGED):
        before = lot.below(plan.people)
        changed = lot.day(established + timedelta(days=100), date(2026, 8, 31))
    return former, renamed, before, changed


def _place_of_former(plan: Plan, index: int) -> int:
    # Names never borne by a bulk firm of today: places behind the last organisation.
    return index + max(span.stop for span in plan.spans.values())


def _someone(plan: Plan, lot: Lot, index: int) -> int:
    if lot.chance(_SERIAL_HEADS):
        return lot.below(max(1, plan.people // 20))
    return index % plan.people


def _parent(plan: Plan, lot: Lot) -> int:
    span = plan.spans["enterprise"]
    return span.start + lot.below(len(span))


def _owners(plan: Plan, lot: Lot, head: int) -> tuple[tuple[int, int], ...]:
    shares = lot.pick(((100,), (60, 40), (51, 49), (70, 30), (50, 30, 20)))
    others = [lot.below(plan.people) for _ in shares[1:]]
    return tuple(zip((head, *others), shares, strict=True))


def _regno(kind: str, index: int) -> str:
    if kind not in _MARKET:
        return ""
    return registration_number(index, individual=kind == "individual_business")


def _address(lot: Lot) -> str:
    words = firm_words()
    if lot.chance(_SHARED_DOOR):
        return f"贵州省六盘水市钟山区{lot.pick(words.doors)}"
    start = "贵州省六盘水市钟山区"
    if lot.chance(0.4):
        return f"{start}{lot.pick(words.towns)}{lot.pick(words.streets)}{1 + lot.below(400)}号"
    flat = f"{1 + lot.below(30)}层{1 + lot.below(20)}号"
    return f"{start}{lot.pick(words.streets)}{1 + lot.below(900)}号{1 + lot.below(12)}栋{flat}"


def _name(plan: Plan, kind: str, index: int, parent: int | None) -> str:
    words = firm_words()
    lot = Lot(plan.seed, "name", index)
    if kind == "enterprise":
        return _firm_name(lot, index)
    if kind == "branch" and parent is not None:
        whole = _name(plan, "enterprise", parent, None)
        return f"{whole}{lot.pick(words.places)}{lot.pick(_BRANCH_ENDS)}"
    brand = lot.pick(words.first) + lot.pick(words.second)
    if kind == "individual_business":
        return f"{lot.pick(('钟山区', '六盘水市钟山区', ''))}{brand}{lot.pick(words.shops)}"
    if kind in ("public_institution", "rural_collective"):
        brand = lot.pick(words.towns) + brand
    ends = {
        "cooperative": words.cooperatives,
        "social_organisation": words.associations,
        "public_institution": words.institutions,
        "rural_collective": ("村股份经济合作社",),
        "government_body": words.bodies,
    }
    return f"六盘水市钟山区{brand}{lot.pick(ends[kind])}"


def _brand_and_trade(place: int) -> tuple[str, int]:
    """Return a pair no other place has: the registration office keeps names unique."""
    words = firm_words()
    space = len(words.first) * len(words.second) * len(words.trades)
    # Where two syllables are used up, a third makes new names.
    used_up, place = divmod(place, space)
    rest, first = divmod(scatter(place, space, _NAME_STEP), len(words.first))
    trade, second = divmod(rest, len(words.second))
    third = words.second[used_up - 1] if used_up else ""
    return words.first[first] + words.second[second] + third, trade


def _firm_name(lot: Lot, place: int) -> str:
    brand, trade = _brand_and_trade(place)
    name = firm_words().trades[trade].name
    form = "有限责任公司" if lot.chance(0.2) else "有限公司"
    region = lot.pick(_REGION_STARTS)
    if region:
        return f"{region}{brand}{name}{form}"
    return f"{brand}（六盘水）{name}{form}"
