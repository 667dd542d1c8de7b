"""A slow second reading of the rules, to hold the evaluator to.

It walks a networkx graph and spells each rule out in Python; it shares no code with the
evaluator and does not read the rule files.
"""

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

import networkx as nx

from graph.model import Listing, Relation
from tests.property.catalogue_oracle import HEADS, Said, more, running
from tests.property.control_oracle import HALF
from tests.property.control_oracle import Oracle as OwnershipOracle
from tests.property.sanction_cases import AS_OF, ORGANISATIONS, District

__all__ = ["Oracle"]

COMPANY_POSTS = {
    "legal_representative",
    "chair",
    "director",
    "supervisor",
    "senior_manager",
    "finance_officer",
}
FOOD_POSTS = (COMPANY_POSTS | HEADS) - {"supervisor", "finance_officer"}
SEED_POSTS = {"legal_representative", "chair", "senior_manager"}
WEIGHT = {"restriction": 0, "conditional": 1, "attention": 2}

# rule, subject, kind, measure, listing, and whether suspected or which nodes it rests on
Verdict = tuple[str, str, str, str, str, bool]


class Oracle:
    """The answers for one district on AS_OF."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for subject in district.subjects:
            self.graph.add_node(subject.id, kind=subject.kind, strong=subject.strong)
        for tie in district.relations:
            self.graph.add_edge(tie.source, tie.target, tie=tie)

    def verdicts(self) -> set[Verdict]:
        kept: dict[tuple[str, str, str, str], tuple[int, bool]] = {}
        for rule, subject, kind, measure, listing_id, through in self._all():
            weak = not all(self.graph.nodes[node]["strong"] for node in {subject, *through})
            final = "conditional" if weak and kind == "restriction" else kind
            key = (rule, subject, measure, listing_id)
            kept[key] = min(kept.get(key, (9, True)), (WEIGHT[final], weak))
        kinds = {number: kind for kind, number in WEIGHT.items()}
        return {
            (rule, subject, kinds[weight], measure, listing_id, weak)
            for (rule, subject, measure, listing_id), (weight, weak) in kept.items()
        }

    def ties_between_bidders(self) -> set[tuple[str, str, str, date | None]]:
        """Return (bidder, tied bidder, kind, day of the opening), of the only lot there is."""
        found: set[tuple[str, str, str, date | None]] = set()
        for opened, day, rivals in self._rounds():
            kind = "attention" if day < AS_OF else "restriction"
            for one, other in ((a, b) for a in rivals for b in rivals if a != b):
                heads = self._holders(one, HEADS, day) & self._holders(other, HEADS, day)
                if heads or self._governs(one, other, day) or self._governs(other, one, day):
                    found.add((one, other, kind, opened))
        return found

    def hints_between_bidders(self, types: set[str]) -> set[tuple[str, str]]:
        """Bidders with one holder of a kind of tie: never a bar, whoever it is."""
        return {
            (one, other)
            for _, day, rivals in self._rounds()
            for one in rivals
            for other in rivals - {one}
            if any(
                self._holders(one, {each}, day) & self._holders(other, {each}, day)
                for each in types
            )
        }

    def _rounds(self) -> Iterator[tuple[date | None, date, set[str]]]:
        """Yield the openings of the only lot: its day, the day ties are judged on, who bids."""
        bids = self.district.bids
        days = {bid.opened for bid in bids if bid.opened is not None}
        rounds: set[date | None] = {*days} or {None}
        for opened in rounds:
            yield opened, opened or AS_OF, {b.bidder for b in bids if b.opened in (None, opened)}

    def _holders(self, organisation: str, types: set[str], day: date) -> set[str]:
        return {
            tie.source
            for tie in self.into(organisation)
            if tie.type in types and _registered(tie, day) and self.kind(tie.source) == "person"
        }

    def _governs(self, owner: str, owned: str, day: date) -> bool:
        return any(
            tie.source == owner
            and _registered(tie, day)
            and (
                tie.type in {"controller", "branch_of"}
                or (tie.type == "shareholder" and self._least(owner, owned, day) > HALF)
            )
            for tie in self.into(owned)
        )

    def _least(self, owner: str, owned: str, day: date) -> Fraction:
        shares = [
            (tie.source, owned, None if tie.share is None else Fraction(str(tie.share)))
            for tie in self.into(owned)
            if tie.type == "shareholder" and _registered(tie, day)
        ]
        return OwnershipOracle(shares).least(owner, owned)

    def kind(self, node: str) -> str:
        return str(self.graph.nodes[node]["kind"])

    def into(self, node: str) -> list[Relation]:
        return [data["tie"] for _, _, data in self.graph.in_edges(node, data=True)]

    def out(self, node: str) -> list[Relation]:
        return [data["tie"] for _, _, data in self.graph.out_edges(node, data=True)]

    def _all(self) -> Iterator[Said]:
        for each in self.district.listings:
            begins = each.since or each.decision_date
            if not _stands(each) or (begins and begins > AS_OF):
                continue
            for rule in (self._r01, self._r02, self._r10, self._r18, self._r19, self._r35):
                yield from rule(each)
            yield from self._r37(each)
            yield from more(self, each)
            if each.kind == "market_serious":
                yield "R41", each.subject, "attention", "weigh_and_supervise", each.id, set()

    def _posts(
        self,
        rule: str,
        person: str,
        posts: set[str],
        kinds: set[str],
        each: Listing,
        via: Collection[str],
    ) -> Iterator[Said]:
        for tie in self.out(person):
            if tie.type in posts and _registered(tie) and (self.kind(tie.target) in kinds):
                through: set[str] = {person, *via}
                yield rule, tie.target, "attention", "verify_qualification", each.id, through

    def _r01(self, each: Listing) -> Iterator[Said]:
        debt = each.facts.get("large_debt")
        if each.kind != "court_defaulter" or self.kind(each.subject) != "person" or debt is False:
            return
        kind = "restriction" if debt else "conditional"
        yield "R01", each.subject, kind, "no_company_post", each.id, set()
        if debt:
            yield from self._posts(
                "R01", each.subject, COMPANY_POSTS, {"enterprise"}, each, {each.subject}
            )

    def _r02(self, each: Listing) -> Iterator[Said]:
        if each.kind not in {"licence_revoked", "closure_ordered"}:
            return
        if self.kind(each.subject) != "enterprise":
            return
        dated = (each.decision_date or each.since) is not None
        responsible = each.facts["personally_responsible"]
        for person, sure in self.in_post(each, {"legal_representative"}):
            if responsible and person not in responsible:
                continue
            barred = sure and bool(responsible) and dated
            via = {each.subject}
            kind = "restriction" if barred else "conditional"
            yield "R02", person, kind, "no_company_post", each.id, via
            if barred:
                yield from self._posts("R02", person, COMPANY_POSTS, {"enterprise"}, each, via)

    def _r10(self, each: Listing) -> Iterator[Said]:
        if each.kind in {"court_defaulter", "tax_serious", "procurement_serious"}:
            yield "R10", each.subject, "restriction", "no_public_procurement", each.id, set()

    def _r18(self, each: Listing) -> Iterator[Said]:
        if each.kind != "wage_arrears":
            return
        measure = "wage_arrears_restrictions"
        yield "R18", each.subject, "restriction", measure, each.id, set()
        for person in each.named:
            yield "R18", person, "restriction", measure, each.id, {each.subject}
        if not each.named:
            for holder, _ in self.in_post(each, HEADS):
                yield "R18", holder, "conditional", measure, each.id, {each.subject}

    def _r19(self, each: Listing) -> Iterator[Said]:
        if each.kind == "food_permit_revoked":
            everyone = [(str(each.subject), True), *self._responsible(each)]
            everyone += self.in_post(each, {"legal_representative", "operator"})
            yield from self._five_years(
                "R19", "no_food_business", everyone, each, FOOD_POSTS, set(ORGANISATIONS)
            )

    def _r35(self, each: Listing) -> Iterator[Said]:
        if each.kind == "seed_permit_revoked":
            everyone: list[tuple[str, bool]] = [
                *self._responsible(each),
                *self.in_post(each, {"legal_representative"}),
            ]
            yield from self._five_years(
                "R35", "no_seed_company_post", everyone, each, SEED_POSTS, {"enterprise"}
            )

    def _five_years(
        self,
        rule: str,
        measure: str,
        everyone: list[tuple[str, bool]],
        each: Listing,
        posts: set[str],
        kinds: set[str],
    ) -> Iterator[Said]:
        for subject, sure in everyone:
            # Both bars count from the decision; the one on seeds from a sentence's end too.
            ended = rule == "R35" and running(each.facts.get("end_of_sentence"), 5)
            barred = sure and bool(each.decision_date or ended)
            via = {each.subject}
            yield rule, subject, "restriction" if barred else "conditional", measure, each.id, via
            if barred and self.kind(subject) == "person":
                yield from self._posts(rule, subject, posts, kinds, each, via)

    def _r37(self, each: Listing) -> Iterator[Said]:
        if each.kind != "tax_grade_d":
            return
        graded = each.decision_date or each.since
        people = self._responsible(each)
        starts = people or [(person, False) for person, _ in self.in_post(each, HEADS)]
        for person, sure in starts:
            for tie in self.out(person):
                if tie.type not in HEADS or not _registered(tie) or tie.target == each.subject:
                    continue
                known = graded is not None and tie.since is not None
                if known and tie.since <= graded:  # type: ignore[operator]
                    continue
                kind = "restriction" if sure and known else "conditional"
                via = {person, each.subject}
                yield "R37", tie.target, kind, "tax_grade_d_directly", each.id, via

    def _responsible(self, each: Listing) -> list[tuple[str, bool]]:
        return [(person, True) for person in {*each.named, *each.facts["responsible_persons"]}]

    def in_post(self, each: Listing, types: set[str]) -> list[tuple[str, bool]]:
        """People who held, or may have held, a post on the violation date; and which it is."""
        return self.in_post_on(each, types, each.violation_date)

    def in_post_on(
        self, each: Listing, types: set[str], day: date | None
    ) -> list[tuple[str, bool]]:
        """As `in_post`, on a day of one's own; unknown, whoever came before the decision."""
        found = []
        for tie in self.into(each.subject):
            if tie.type not in types or self.kind(tie.source) != "person":
                continue
            if day is None:
                last = each.decision_date or each.since or AS_OF
                if tie.since is None or tie.since <= last:
                    found.append((str(tie.source), False))
            elif (tie.since is None or tie.since <= day) and (tie.until is None or day < tie.until):
                found.append((str(tie.source), tie.since is not None))
        return found


def _registered(tie: Relation, day: date = AS_OF) -> bool:
    return (tie.since is None or tie.since <= day) and (tie.until is None or tie.until > day)


def _stands(each: Listing) -> bool:
    """Tell whether a listing is effective: nothing ended it, and no objection is pending."""
    told = [event for event in each.events if event.on is None or event.on <= AS_OF]
    over = {"repaired", "expired"} & {event.status for event in told}
    voided = any(event.status == "withdrawn" for event in each.events)
    if over or voided or (each.until is not None and each.until <= AS_OF):
        return False
    first = date.min
    for made in (event for event in told if event.status == "objected"):
        closings = []
        for event in told:
            if event.status != "effective" or (event.on or first) < (made.on or first):
                continue
            own = event.record == made.record
            dates_another = any(
                other.status == "objected" and other.on and other.record == event.record
                for other in told
            )
            if own or (event.on is not None and (made.on is None or not dates_another)):
                closings.append(event)
        if not closings:
            return False
    return True
