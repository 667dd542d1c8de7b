"""Matching uses of a representative what the caller may see, so that no score confirms a guess."""

from dataclasses import dataclass

import pytest

from tests.e2e.service.conftest import House, Site

POSTS = ("legal_representative", "person_in_charge", "operator")


@dataclass(frozen=True)
class Headed:
    """A firm by name, and who heads it."""

    name: str
    head: str

    @property
    def guesses(self) -> tuple[str, str, str]:
        """The right name, another that begins alike, and one that does not."""
        return self.head, self.head[0] + "堃淼"[: len(self.head) - 1], "阙" + self.head[1:]


def headed(house: House, *, surely: bool) -> Headed:
    """Return a firm whose head is known by number, or by a name alone."""
    with house.store() as store:
        people = {row["id"]: row for row in store.facts.subjects(None).to_pylist()}
        ties = [row for row in store.facts.relations(None).to_pylist() if row["type"] in POSTS]
    known = {row["target"] for row in ties if row["strong"]}
    names = [row["name"] for row in people.values()]
    for row in ties:
        firm, head = people[row["target"]], people[row["source"]]
        alone = names.count(firm["name"]) == 1 and firm["strong"] and firm["kind"] != "person"
        if alone and head["kind"] == "person" and len(head["name"]) in (2, 3):
            if surely and row["strong"] and head["strong"]:
                return Headed(firm["name"], head["name"])
            if not surely and row["target"] not in known:
                return Headed(firm["name"], head["name"])
    raise AssertionError


def scores(site: Site, role: str, firm: Headed) -> list[float]:
    queries = {
        f"q{at}": {"name": firm.name, "representative": each}
        for at, each in enumerate(firm.guesses)
    }
    with site.client(role) as client:
        told = client.post("/v1/match", json={"queries": queries}).json()["responses"]
    return [
        next(row["score"] for row in told[each]["results"] if row["name"] == firm.name)
        for each in queries
    ]


@pytest.mark.parametrize("role", ["public", "department", "procurement", "officer"])
def test_a_name_seen_in_part_is_compared_in_part(site: Site, role: str) -> None:
    right, alike, other = scores(site, role, headed(site.house, surely=True))
    assert right > other
    assert (right > alike) is (role != "public")


@pytest.mark.parametrize("role", ["public", "department", "procurement", "officer"])
def test_a_tie_that_is_not_told_is_not_compared(site: Site, role: str) -> None:
    right, alike, other = scores(site, role, headed(site.house, surely=False))
    assert (right == alike == other) is (role != "officer")
