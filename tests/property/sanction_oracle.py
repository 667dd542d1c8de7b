"""A slow second reading of the rules, to hold the evaluator to.

It walks a networkx graph and spells each rule out in Python; it shares no code with the
evaluator and does not read the rule files.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction

import networkx as nx

from graph.model import Listing, Relation
from tests.property.control_oracle import HALF
from tests.property.control_oracle import Oracle as OwnershipOracle
from tests.property.sanction_cases import AS_OF, ORGANISATIONS, District

__all__ = ["Oracle"]

HEADS = {"legal_representative", "person_in_charge", "operator", "executive_partner"}
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
Said = tuple[str, str, str, str, str, Collection[str]]


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

    def ties_between_bidders(self) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        bidders = {bid.bidder for bid in self.district.bids}
        for one, other in ((a, b) for a in bidders for b in bidders if a != b):
            heads = self._holders(one, HEADS) & self._holders(other, HEADS)
            if heads or self._governs(one, other) or self._governs(other, one):
                found.add((one, other))
        return found

    def _holders(self, organisation: str, types: set[str]) -> set[str]:
        return {
            tie.source
            for tie in self._into(organisation)
            if tie.type in types and _registered(tie) and self._kind(tie.source) == "person"
        }

    def _governs(self, owner: str, owned: str) -> bool:
        return any(
            tie.source == owner
            and _registered(tie)
            and (
                tie.type in {"controller", "branch_of"}
                or (tie.type == "shareholder" and self._least(owner, owned) > HALF)
            )
            for tie in self._into(owned)
        )

    def _least(self, owner: str, owned: str) -> Fraction:
        shares = [
            (tie.source, owned, None if tie.share is None else Fraction(str(tie.share)))
            for tie in self._into(owned)
            if tie.type == "shareholder" and _registered(tie)
        ]
        return OwnershipOracle(shares).least(owner, owned)

    def _kind(self, node: str) -> str:
        return str(self.graph.nodes[node]["kind"])

    def _into(self, node: str) -> list[Relation]:
        return [data["tie"] for _, _, data in self.graph.in_edges(node, data=True)]

    def _out(self, node: str) -> list[Relation]:
        return [data["tie"] for _, _, data in self.graph.out_edges(node, data=True)]

    def _all(self) -> Iterator[Said]:
        for each in self.district.listings:
            begins = each.since or each.decision_date
            if each.status_on(AS_OF) != "effective" or (begins and begins > AS_OF):
                continue
            for rule in (self._r01, self._r02, self._r10, self._r18, self._r19, self._r35):
                yield from rule(each)
            yield from self._r37(each)
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
        for tie in self._out(person):
            if tie.type in posts and _registered(tie) and (self._kind(tie.target) in kinds):
                through: set[str] = {person, *via}
                yield rule, tie.target, "attention", "verify_qualification", each.id, through

    def _r01(self, each: Listing) -> Iterator[Said]:
        debt = each.facts.get("large_debt")
        if each.kind != "court_defaulter" or self._kind(each.subject) != "person" or debt is False:
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
        if self._kind(each.subject) != "enterprise":
            return
        dated = (each.decision_date or each.since) is not None
        responsible = each.facts["personally_responsible"]
        for person, sure in self._in_post(each, {"legal_representative"}):
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
            for holder, _ in self._in_post(each, HEADS):
                yield "R18", holder, "conditional", measure, each.id, {each.subject}

    def _r19(self, each: Listing) -> Iterator[Said]:
        if each.kind == "food_permit_revoked":
            everyone = [(str(each.subject), True), *self._responsible(each)]
            everyone += self._in_post(each, {"legal_representative", "operator"})
            yield from self._five_years(
                "R19", "no_food_business", everyone, each, FOOD_POSTS, set(ORGANISATIONS)
            )

    def _r35(self, each: Listing) -> Iterator[Said]:
        if each.kind == "seed_permit_revoked":
            everyone: list[tuple[str, bool]] = [
                *self._responsible(each),
                *self._in_post(each, {"legal_representative"}),
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
            barred = sure and each.decision_date is not None
            via = {each.subject}
            yield rule, subject, "restriction" if barred else "conditional", measure, each.id, via
            if barred and self._kind(subject) == "person":
                yield from self._posts(rule, subject, posts, kinds, each, via)

    def _r37(self, each: Listing) -> Iterator[Said]:
        if each.kind != "tax_grade_d":
            return
        graded = each.decision_date or each.since
        people = self._responsible(each)
        starts = people or [(person, False) for person, _ in self._in_post(each, HEADS)]
        for person, sure in starts:
            for tie in self._out(person):
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

    def _in_post(self, each: Listing, types: set[str]) -> list[tuple[str, bool]]:
        """People who held, or may have held, a post on the violation date; and which it is."""
        found = []
        for tie in self._into(each.subject):
            if tie.type not in types or self._kind(tie.source) != "person":
                continue
            if each.violation_date is None:
                last = each.decision_date or each.since or AS_OF
                if tie.since is None or tie.since <= last:
                    found.append((str(tie.source), False))
            elif (tie.since is None or tie.since <= each.violation_date) and (
                tie.until is None or each.violation_date < tie.until
            ):
                found.append((str(tie.source), tie.since is not None))
        return found


def _registered(tie: Relation) -> bool:
    return (tie.since is None or tie.since <= AS_OF) and (tie.until is None or tie.until > AS_OF)
