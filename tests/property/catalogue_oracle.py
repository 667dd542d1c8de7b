"""The rest of the catalogue in plain Python, a second reading beside the rule files.

Each function says what one rule yields for one listing in force on AS_OF. Like the oracle it
belongs to, it shares no code with the evaluator.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Protocol

from graph.model import Listing, Relation
from tests.property.sanction_cases import AS_OF

__all__ = ["HEADS", "Said", "View", "more"]

HEADS = {"legal_representative", "person_in_charge", "operator", "executive_partner"}
COMPANY = {"legal_representative", "chair", "director", "supervisor", "senior_manager"}
TRADE = (COMPANY - {"supervisor"}) | HEADS
EVERY: set[str] = set()
RUN = {"enterprise", "individual_business", "branch"}
REVOKED = {
    "food_permit_revoked",
    "entertainment_permit_revoked",
    "travel_permit_revoked",
    "social_org_revoked",
    "seed_permit_revoked",
    "licence_revoked",
    "closure_ordered",
}
GOOD = {"honour", "licence", "commitment", "tax_grade_a"}

# rule, subject, kind, measure, listing, and which nodes it rests on
Said = tuple[str, str, str, str, str, Collection[str]]
People = Iterable[tuple[str, bool]]


class View(Protocol):
    """What the oracle lets a rule look at."""

    def kind(self, node: str) -> str: ...
    def into(self, node: str) -> list[Relation]: ...
    def out(self, node: str) -> list[Relation]: ...
    def in_post(self, each: Listing, types: set[str]) -> list[tuple[str, bool]]: ...
    def in_post_on(self, each: Listing, types: set[str], day: date | None) -> People: ...


def more(view: View, each: Listing) -> Iterator[Said]:
    """Yield what the rules of this file say about a listing."""
    for rule in RULES:
        yield from rule(view, each)


def decided(each: Listing) -> date | None:
    return each.decision_date or each.since


def running(anchor: date | None, years: int) -> bool | None:
    """Tell whether a clock runs on AS_OF: None unless it does, else whether it is sure."""
    if anchor is None:
        return False
    return True if anchor <= AS_OF < anchor.replace(year=anchor.year + years) else None


def says(each: Listing, *words: str) -> bool:
    return any(word in each.facts.get("penalty_type", "") for word in words)


def named(view: View, each: Listing, *sources: str) -> list[str]:
    ids = {one for source in sources for one in each.facts.get(source, ())}
    ids |= set(each.named) if "named" in sources or not sources else set()
    return sorted(one for one in ids if view.kind(one) == "person")


def barred(
    view: View,
    rule: str,
    measure: str,
    people: People,
    each: Listing,
    *,
    clock: bool | None,
    posts: set[str] = EVERY,
    orgs: set[str] = EVERY,
) -> Iterator[Said]:
    """Yield a bar on each subject, and what its posts are told; nothing when no clock runs."""
    if clock is None:
        return
    for subject, sure in people:
        kind = "restriction" if sure and clock else "conditional"
        yield rule, subject, kind, measure, each.id, {each.subject}
        if kind == "restriction" and view.kind(subject) == "person":
            yield from told(view, rule, subject, posts, orgs, each)


def told(
    view: View, rule: str, person: str, posts: set[str], orgs: set[str], each: Listing
) -> Iterator[Said]:
    for tie in view.out(person):
        held = (tie.since is None or tie.since <= AS_OF) and (
            tie.until is None or tie.until > AS_OF
        )
        if tie.type in posts and held and (not orgs or view.kind(tie.target) in orgs):
            through = {person, each.subject}
            yield rule, tie.target, "attention", "verify_qualification", each.id, through


def shown(rule: str, subject: str, measure: str, each: Listing) -> Iterator[Said]:
    yield rule, subject, "attention", measure, each.id, {each.subject}


def responsible(view: View, each: Listing, *, himself: bool = True, unit: bool = False) -> People:
    """Return whom a decision bars: who is listed or named, else who has to be asked about."""
    people = [(one, True) for one in named(view, each, "named", "responsible_persons")]
    asked = people or [(one, False) for one, _ in view.in_post(each, HEADS)]
    own = unit or (himself and view.kind(each.subject) == "person")
    return [*asked, *([(str(each.subject), True)] if own else [])]


def punished(view: View, each: Listing, posts: set[str]) -> People:
    """Return holders of a post on the day who were punished; others named are asked about."""
    sources = ("named", "responsible_persons", "personally_responsible")
    people = named(view, each, *sources)
    holders = view.in_post(each, posts)
    own = view.kind(each.subject) == "person"
    return [
        *([(str(each.subject), True)] if own else []),
        *((one, sure and bool(people)) for one, sure in holders if not people or one in people),
        *((one, False) for one in people),
    ]


def _r03(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "bankruptcy" or view.kind(each.subject) != "enterprise":
        return
    found = each.facts.get("personally_responsible", ())
    posts = {"director", "chair", "senior_manager", "legal_representative"}
    people = [
        (one, sure and bool(found))
        for one, sure in view.in_post(each, posts)
        if not found or one in found
    ]
    clock = running(each.facts.get("liquidation_end"), 3)
    yield from barred(
        view,
        "R03",
        "no_company_post",
        people,
        each,
        clock=clock,
        posts=COMPANY,
        orgs={"enterprise"},
    )


def _r04(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "conviction" or says(each, "免予刑事处罚", "虐待", "猥亵"):
        return
    own = [(str(each.subject), True)] if view.kind(each.subject) == "person" else []
    people = [*own, *((one, False) for one in named(view, each))]
    clock = running(each.facts.get("end_of_sentence"), 2 if says(each, "缓刑") else 5)
    yield from barred(
        view,
        "R04",
        "no_company_post",
        people,
        each,
        clock=clock,
        posts=COMPANY,
        orgs={"enterprise"},
    )


def _r05(view: View, each: Listing) -> Iterator[Said]:
    if each.kind == "registration_annulled":
        people = responsible(view, each, himself=False)
        clock = running(decided(each), 3)
        yield from barred(view, "R05", "no_registration_application", people, each, clock=clock)


def _r06(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "consumption_limit":
        return
    people = [(one, True) for one in named(view, each, "named", "responsible_persons")]
    if not people:
        day = each.violation_date or decided(each)
        holders = view.in_post_on(each, HEADS | {"controller"}, day)
        people = [(one, False) for one, _ in holders]
    people.append((str(each.subject), True))
    yield from barred(view, "R06", "consumption_limit", people, each, clock=True)


def _r08(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "consumption_limit" or view.kind(each.subject) == "person":
        return
    day = decided(each)
    for tie in view.into(each.subject):
        if tie.type not in {"legal_representative", "person_in_charge"}:
            continue
        if view.kind(tie.source) != "person":
            continue
        ended = tie.until is not None and tie.until <= AS_OF
        if day and ended and tie.until and tie.until > day and (not tie.since or tie.since <= day):
            yield from shown("R08", tie.source, "may_apply_for_release", each)
        began = tie.since is None or tie.since <= AS_OF
        if not ended and began and (day is None or tie.since is None or tie.since > day):
            yield from shown("R08", tie.source, "court_may_extend", each)


def _r09(view: View, each: Listing) -> Iterator[Said]:
    begun = each.since or each.decision_date
    years = 3 if each.facts.get("serious") else 2
    runs = each.until is not None or begun is None or running(begun, years)
    if each.kind == "court_defaulter" and runs:
        yield from shown("R09", each.subject, "weigh_as_defaulter", each)


def _r11(view: View, each: Listing) -> Iterator[Said]:
    if view.kind(each.subject) == "person":
        return
    amount = each.facts.get("amount_fen")
    stopped = says(each, "责令停产停业") and not says(each, "暂扣")
    penalty = stopped or (amount or 0) >= 200_000_000
    unknown = each.kind == "penalty" and says(each, "罚款") and amount is None
    if unknown:
        own = [(str(each.subject), False)]
        clock = running(decided(each), 3)
        yield from barred(view, "R11", "not_eligible_supplier", own, each, clock=clock)
    if each.kind in REVOKED | {"conviction", "food_conviction"} or (
        each.kind == "penalty" and penalty
    ):
        own = [(str(each.subject), True)]
        clock = running(decided(each), 3)
        yield from barred(view, "R11", "not_eligible_supplier", own, each, clock=clock)


def _stated(each: Listing, least: int, most: int | None) -> bool | None:
    """Tell how a term runs that the decision sets: within the least, or up to its stated end."""
    begun = each.since or each.decision_date
    if begun is None:
        return False
    if each.until is not None or running(begun, least):
        return True
    return None if most is not None and running(begun, most) is None else False


def _r12_r17(view: View, each: Listing) -> Iterator[Said]:
    for rule, kind, most in (("R12", "procurement_ban", 3), ("R17", "bid_ban", 5)):
        if each.kind == kind:
            own = [(str(each.subject), True)]
            yield from barred(view, rule, kind, own, each, clock=_stated(each, 1, most))


def _r20(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "food_conviction" or says(each, "免予刑事处罚", "拘役"):
        return
    own = [(str(each.subject), True)] if view.kind(each.subject) == "person" else []
    people = [*own, *((one, False) for one in named(view, each))]
    clock = decided(each) is not None
    yield from barred(view, "R20", "no_food_business", people, each, clock=clock, posts=TRADE)


def _r21_r22(view: View, each: Listing) -> Iterator[Said]:
    serious = each.facts.get("serious")
    life = says(each, "终身")
    clock = decided(each) is not None if life else _stated(each, 5, None)
    if each.kind == "drug_penalty" and serious is not False:
        people = responsible(view, each)
        yield from barred(view, "R21", "no_drug_business", people, each, clock=clock, posts=TRADE)
    if each.kind == "cosmetics_device_penalty":
        measure = "no_cosmetics_device_business"
        people = [(one, sure and bool(serious)) for one, sure in responsible(view, each)]
        if serious is not False:
            yield from barred(view, "R22", measure, people, each, clock=clock, posts=TRADE)
        if says(each, "不予受理") and view.kind(each.subject) != "person":
            own = [(str(each.subject), True)]
            ten = running(decided(each), 10)
            yield from barred(view, "R22", "no_permit_application", own, each, clock=ten)


def _r23(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "work_safety_accident":
        return
    anchor = each.facts.get("end_of_sentence") or decided(each)
    orgs = RUN | {"cooperative"}
    people = list(punished(view, each, HEADS))
    yield from barred(
        view,
        "R23",
        "not_head_of_business",
        people,
        each,
        clock=running(anchor, 5),
        posts=HEADS,
        orgs=orgs,
    )
    if each.facts.get("serious") and (anchor is None or anchor <= AS_OF):
        heads = {one for one, _ in view.in_post(each, HEADS)} | {str(each.subject)}
        sure = [(one, known) for one, known in people if one in heads]
        yield from barred(
            view,
            "R23",
            "not_head_in_trade",
            sure,
            each,
            clock=anchor is not None,
            posts=HEADS,
            orgs=orgs,
        )


def _r24(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "penalty" or "安全评价" not in each.facts.get("industry", ""):
        return
    kind = each.facts.get("penalty_type")
    if kind is None or "虚假" in kind:
        people = [
            (one, sure and kind is not None) for one, sure in responsible(view, each, unit=True)
        ]
        clock = _stated(each, 5, None)
        yield from barred(view, "R24", "no_safety_services", people, each, clock=clock, posts=TRADE)


def _r25(view: View, each: Listing) -> Iterator[Said]:
    if each.kind == "work_safety_serious":
        people = responsible(view, each, unit=True)
        yield from barred(view, "R25", "work_safety_restrictions", people, each, clock=True)


def _r26(view: View, each: Listing) -> Iterator[Said]:
    if each.kind == "construction_safety":
        anchor = each.facts.get("end_of_sentence") or decided(each)
        people = punished(view, each, HEADS | {"professional_at"})
        yield from barred(
            view,
            "R26",
            "no_construction_head",
            people,
            each,
            clock=running(anchor, 5),
            posts=HEADS,
            orgs=RUN,
        )


def _r27_r28_r33(view: View, each: Listing) -> Iterator[Said]:
    five, known = running(decided(each), 5), decided(each) is not None
    if each.kind == "environment_fraud":
        people = responsible(view, each, unit=True)
        yield from barred(
            view, "R27", "no_environment_services", people, each, clock=five, posts=TRADE
        )
    if each.facts.get("serious") is False:
        return
    people = responsible(view, each)
    if each.kind == "fire_service_fraud":
        yield from barred(view, "R28", "no_fire_services", people, each, clock=known, posts=TRADE)
    if each.kind == "medical_insurance_fraud":
        measure = "no_insured_institution_management"
        yield from barred(view, "R33", measure, people, each, clock=five, posts=HEADS)


def _r29_r30_r31(view: View, each: Listing) -> Iterator[Said]:
    five = running(decided(each), 5)
    if each.kind == "entertainment_permit_revoked":
        shut = says(each, "取缔")
        measure = "no_entertainment_venue" if shut else "not_head_of_entertainment"
        people = view.in_post(each, HEADS | ({"shareholder"} if shut else EVERY))
        clock = decided(each) is not None if shut else five
        yield from barred(view, "R29", measure, people, each, clock=clock, posts=HEADS)
    if each.kind == "travel_permit_revoked":
        heads = view.in_post(each, HEADS)
        yield from barred(
            view, "R30", "not_head_of_travel_agency", heads, each, clock=five, posts=HEADS
        )
        people = [(one, True) for one in named(view, each, "named", "responsible_persons")]
        people = people or [(one, False) for one, _ in view.in_post(each, {"senior_manager"})]
        if view.kind(each.subject) == "person":
            people.append((str(each.subject), True))
        three = running(decided(each), 3)
        yield from barred(view, "R30", "no_travel_business", people, each, clock=three, posts=HEADS)
    if each.kind == "social_org_revoked":
        posts = {"legal_representative", "person_in_charge", "chair"}
        yield from barred(
            view,
            "R31",
            "not_head_of_charity",
            view.in_post(each, posts),
            each,
            clock=five,
            posts=posts,
            orgs={"social_organisation"},
        )


def _r34(view: View, each: Listing) -> Iterator[Said]:
    day = each.violation_date or decided(each) or AS_OF
    if each.kind != "accounting_fraud" or each.facts.get("serious") is False:
        return
    if day >= date(2024, 7, 1):
        yield from barred(
            view,
            "R34",
            "no_accounting_work",
            punished(view, each, {"finance_officer"}),
            each,
            clock=running(decided(each), 5),
            posts={"finance_officer"},
        )


def _r36(view: View, each: Listing) -> Iterator[Said]:
    if each.kind != "tax_arrears":
        return
    yield from shown("R36", each.subject, "exit_may_be_stopped", each)
    for tie in view.into(each.subject):
        held = (tie.since is None or tie.since <= AS_OF) and (not tie.until or tie.until > AS_OF)
        if tie.type == "legal_representative" and held and view.kind(tie.source) == "person":
            yield from shown("R36", tie.source, "exit_may_be_stopped", each)


def _lists(view: View, each: Listing) -> Iterator[Said]:
    """R38, R39, R42, R45, R46: the lists that speak of whom they hold."""
    kind = view.kind(each.subject)
    if each.kind == "tax_serious":
        yield from shown("R38", each.subject, "tax_offender_management", each)
    if each.kind == "abnormal_operation" and kind == "enterprise":
        yield from shown("R39", each.subject, "weigh_abnormal_operation", each)
    if each.kind == "sme_payment_arrears" and kind == "enterprise":
        yield from shown("R45", each.subject, "late_payer_limits", each)
    own = [(str(each.subject), True)] if kind == "person" else []
    people = [(one, True) for one in named(view, each)]
    holds_persons = each.kind in {"wage_arrears", "work_safety_serious"}
    lists = {"court_defaulter", "tax_serious", "market_serious", "wage_arrears"}
    if each.kind in lists | {"work_safety_serious", "procurement_serious"}:
        listed = [*own, *(people if holds_persons else [])]
        yield from barred(view, "R42", "no_civil_service", listed, each, clock=True)
    debt = each.facts.get("large_debt")
    if each.kind == "court_defaulter" and debt is not False:
        yield from barred(view, "R46", "no_financial_post", own, each, clock=bool(debt))


def _r43(view: View, each: Listing) -> Iterator[Said]:
    trade = each.facts.get("industry")
    if each.kind != "penalty" or not (trade is None or "公共安全" in trade):
        return
    fraud, hidden = says(each, "骗取许可"), says(each, "隐瞒材料")
    if fraud or hidden:
        own = [(str(each.subject), trade is not None)]
        clock = running(decided(each), 3 if fraud else 1)
        yield from barred(view, "R43", "no_permit_reapplication", own, each, clock=clock)


def _r44(view: View, each: Listing) -> Iterator[Said]:
    # The law began on AS_OF: an act on any day of these districts is earlier.
    if (each.violation_date or decided(each) or AS_OF) < AS_OF:
        return
    own = [(str(each.subject), True)]
    person = view.kind(each.subject) == "person"
    if each.kind == "conviction" and person and says(each, "虐待", "猥亵"):
        yield from barred(view, "R44", "no_kindergarten_work", own, each, clock=False)


def _r48(view: View, each: Listing) -> Iterator[Said]:
    if view.kind(each.subject) != "branch" or each.kind in GOOD:
        return
    for tie in view.out(each.subject):
        held = (tie.since is None or tie.since <= AS_OF) and (not tie.until or tie.until > AS_OF)
        if tie.type == "branch_of" and held:
            yield from shown("R48", tie.target, "linked_record_of_branch", each)


RULES: list[Callable[[View, Listing], Iterator[Said]]] = [
    _r03,
    _r04,
    _r05,
    _r06,
    _r08,
    _r09,
    _r11,
    _r12_r17,
    _r20,
    _r21_r22,
    _r23,
    _r24,
    _r25,
    _r26,
    _r27_r28_r33,
    _r29_r30_r31,
    _r34,
    _r36,
    _lists,
    _r43,
    _r44,
    _r48,
]
