"""The review desk over HTTP: what waits, two people for a restriction, nobody's word leaked."""

import json
from typing import Any

import pytest

from api.service.roles import Role
from loaders.synthetic.codes import registration_number, uscc
from tests.e2e.service.conftest import NOW, Site
from tests.e2e.service.test_writing import HEAD, MARKET, NAME, TAX, current, pushed

WHY = "查登记档案"


@pytest.fixture
def pair(own_site: Site) -> tuple[Site, list[str]]:
    """A firm's register row, and a list's row that has its name alone."""
    unnamed = {key: cell for key, cell in TAX.items() if key != "统一社会信用代码"}
    (one,) = pushed(own_site, "market_main", MARKET)["rows"]
    (other,) = pushed(own_site, "tax_serious", unnamed)["rows"]
    return own_site, [f"{row['record']}:subject:0" for row in (one, other)]


def judged(site: Site, parties: list[str], role: str, verdict: str = "same", **more: Any) -> Any:
    body = {"parties": parties, "verdict": verdict, "why": WHY, **more}
    return site.post("/v1/judgements", body, role)


def undone(site: Site, judgement: str, role: str) -> Any:
    return site.post("/v1/judgements/undo", {"judgements": [judgement], "why": WHY}, role)


def restrictions(site: Site) -> set[str]:
    with site.house.store() as store:
        bodies = list(store.findings.current())
        names = {body["subject"]: store.finder.by_id(body["subject"]) for body in bodies}
    return {
        body["id"]
        for body in bodies
        if body["kind"] == "restriction"
        and (subject := names[body["subject"]]) is not None
        and subject.name in (NAME, HEAD)
    }


def test_a_restriction_takes_two_people_who_do_not_see_each_others_word(
    pair: tuple[Site, list[str]],
) -> None:
    site, parties = pair
    before = current(site.house)
    dry = judged(site, parties, "officer", dry_run=True).json()
    assert dry["effect"]["two_people"]
    assert not dry["written"]
    assert current(site.house) == before
    assert restrictions(site) == set()

    first = judged(site, parties, "officer").json()
    assert (first["state"], first["confirmed"], first["by"]) == ("proposed", False, "officer")
    assert judged(site, parties, "officer").json()["code"] == "E614"
    # A dry run that told "this would confirm" would tell what the other said.
    tried = judged(site, parties, "reviewer", dry_run=True).json()
    assert (tried["judgement"], tried["state"], tried["confirmed"]) == (None, None, None)
    (shown,) = site.get("/v1/judgements", "reviewer").json()["judgements"]
    assert (shown["state"], shown["verdict"], shown["pairs"]) == ("proposed", None, [])
    (own,) = site.get("/v1/judgements", "officer").json()["judgements"]
    assert own["verdict"] == "same"
    (proposal,) = site.get("/v1/reviews", "reviewer").json()["proposals"]
    assert proposal.keys() == {"judgement", "action", "by", "at", "task"}
    assert restrictions(site) == set()

    second = judged(site, parties, "reviewer").json()
    assert (second["state"], second["confirmed"]) == ("in_force", True)
    assert second["judgement"] == first["judgement"]
    assert restrictions(site) != set()

    assert undone(site, first["judgement"], "officer").json()["state"] == "proposed"
    assert restrictions(site) != set()
    assert undone(site, first["judgement"], "reviewer").json()["state"] == "undone"
    assert current(site.house) == before


def test_a_new_key_of_the_same_person_is_the_same_person(pair: tuple[Site, list[str]]) -> None:
    site, parties = pair
    assert judged(site, parties, "officer").json()["state"] == "proposed"
    with site.house.access() as access:
        secret = access.add_key("officer", Role.OFFICER, 30, NOW, same_holder=True)[1]
    site.house.secrets[Role.AUDITOR], kept = secret, site.house.secrets[Role.AUDITOR]
    try:
        assert judged(site, parties, "auditor").json()["code"] == "E614"
    finally:
        site.house.secrets[Role.AUDITOR] = kept


def test_who_judges_is_the_caller_never_a_field(site: Site) -> None:
    body = {"parties": ["s-" + "0" * 24, "s-" + "1" * 24], "verdict": "same", "why": WHY}
    told = site.post("/v1/judgements", body | {"by": "王五"})
    assert (told.status_code, told.json()["code"]) == (422, "E908")


def doubts(site: Site, count: int = 1) -> list[str]:
    """Return tasks made by pushing firms, two at a time, under one registration number."""
    before = {task["task"] for task in site.get("/v1/reviews", limit=500).json()["tasks"]}
    firms = [
        {
            "pripid": f"p{place}{letter}",
            "entname": f"贵州{letter}{'子丑寅'[place]}工程有限公司",
            "uniscid": uscc("91", f"XX0009{place}{turn}"),
            "regno": registration_number(910 + place, individual=False),
        }
        for place in range(count)
        for turn, letter in enumerate("甲乙")
    ]
    pushed(site, "market_main", *firms)
    tasks = site.get("/v1/reviews", limit=500).json()["tasks"]
    found = [task["task"] for task in tasks if task["task"] not in before]
    assert len(found) == count
    return found


def test_a_score_is_shown_to_who_has_judged(own_site: Site) -> None:
    (uid,) = doubts(own_site)
    before = own_site.get(f"/v1/reviews/{uid}", "reviewer").json()
    assert (before["score"], before["own"]) == (None, [])
    assert len(before["parties"]) == 2
    told = own_site.post(f"/v1/reviews/{uid}/decision", {"verdict": "unsure", "why": WHY})
    assert told.json()["task"] == uid
    assert own_site.get(f"/v1/reviews/{uid}", "officer").json()["score"] is not None
    assert own_site.get(f"/v1/reviews/{uid}", "reviewer").json()["score"] is None
    other = own_site.post(
        f"/v1/reviews/{uid}/decision", {"verdict": "unsure", "why": WHY}, "reviewer"
    )
    assert other.status_code == 200
    (agreement,) = own_site.get("/v1/reviews/agreement").json()["agreements"]
    assert (agreement["one"], agreement["other"]) == ("officer", "reviewer")
    assert (agreement["items"], agreement["agreed"], agreement["kappa"]) == (1, 1, None)
    with own_site.house.access() as access:
        decided = [json.loads(entry.body).get("decided") for entry in access.entries()]
    assert [told.json()["judgement"]] in decided


def test_tasks_come_in_pages_the_worst_first(own_site: Site) -> None:
    doubts(own_site, 2)
    whole = own_site.get("/v1/reviews", limit=500).json()
    assert whole["open"] == len(whole["tasks"]) > 2
    page = own_site.get("/v1/reviews", skip=1, limit=1).json()
    assert page["tasks"] == whole["tasks"][1:2]
    harm = [(t["state"] == "unsure", -t["restrictions"]) for t in whole["tasks"]]
    assert harm == sorted(harm)


def test_the_desk_is_for_reviewers_who_say_what_for(site: Site) -> None:
    for role in ("public", "department", "procurement", "auditor", "admin"):
        assert site.get("/v1/reviews", role).status_code == 403
    with site.client("reviewer", **{"X-Purpose": ""}) as client:
        told = client.get("/v1/reviews")
    assert (told.status_code, told.json()["code"]) == (403, "E904")
    unknown = site.get("/v1/reviews/t-" + "0" * 24)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "E616")


def test_no_answer_of_the_desk_shows_a_persons_number(site: Site) -> None:
    numbers = _numbers(site)
    for task in site.get("/v1/reviews", limit=500).json()["tasks"][:12]:
        text = site.get(f"/v1/reviews/{task['task']}").text
        assert not [number for number in numbers if number in text]


def _numbers(site: Site) -> set[str]:
    found: set[str] = set()
    for file in (site.house.folder / "district" / "files").glob("*.csv"):
        text = file.read_bytes().decode("gb18030", "replace")
        found |= {cell for line in text.splitlines() for cell in line.split(",") if _personal(cell)}
    assert found
    return found


def _personal(cell: str) -> bool:
    return len(cell) == 18 and cell[:17].isdigit() and cell.startswith("52")
