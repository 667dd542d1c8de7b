"""Every read of personal data and every decision is in the log before its answer leaves."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.service.roles import Role
from loaders.synthetic.stories import read_cast
from tests.e2e.service.conftest import House, Site, serving
from tests.e2e.service.people import cast_of

ROW = {"纳税人名称": "六盘水市审计测试物流有限公司", "案件性质": "偷税", "决定日期": "2026-10-01"}


def entries(house: House) -> list[dict[str, Any]]:
    with house.access() as access:
        assert access.verify()[2] is None
        return [json.loads(entry.body) for entry in access.entries()]


def test_a_check_is_in_the_log_with_who_what_for_and_whom(own_site: Site) -> None:
    person = cast_of(own_site.house).person
    with own_site.client("department", **{"X-Case-Number": "A-1"}) as client:
        answer = client.post("/v1/check", json={"queries": {"a": {"subject": person.id}}})
    (entry,) = entries(own_site.house)
    assert entry["action"] == "check"
    assert (entry["role"], entry["purpose"], entry["case"]) == ("department", "supervision", "A-1")
    assert entry["subjects"][0] == person.id
    assert entry["request"] == answer.headers["X-Request-Id"]
    assert entry["caller"] == own_site.house.secrets[Role.DEPARTMENT].split("_")[1]


READS = (
    "/v1/subjects/{0}",
    "/v1/subjects/{0}/relations",
    "/v1/subjects/{0}/findings",
    "/v1/subjects/{0}/history",
    "/v1/subjects/{0}/graph",
    "/v1/search?q={1}&kind=person",
    "/v1/paths?from={0}&to={2}",
)


@pytest.mark.parametrize("path", READS)
def test_every_read_of_a_person_is_in_the_log(own_site: Site, path: str) -> None:
    cast = cast_of(own_site.house)
    answer = own_site.get(path.format(cast.person.id, cast.person.name, cast.firm.id))
    assert answer.status_code == 200
    (entry,) = entries(own_site.house)
    assert entry["status"] == 200
    told = path.startswith("/v1/paths") or cast.person.id in entry["subjects"]
    assert told or entry["subjects"]


def test_a_refused_question_is_in_the_log_too(own_site: Site) -> None:
    person = cast_of(own_site.house).person
    assert own_site.get(f"/v1/subjects/{person.id}", "public").status_code == 403
    (entry,) = entries(own_site.house)
    assert (entry["status"], entry["subjects"]) == (403, [])
    assert len(entry["asked"][0]) == 32


def test_the_log_holds_no_name_and_no_number(own_site: Site) -> None:
    people = list(read_cast().people.values())
    queries = {f"q{n}": {"identifier": person.id_number} for n, person in enumerate(people)}
    own_site.post("/v1/check", {"queries": queries})
    own_site.post("/v1/check", {"queries": {"a": {"name": people[0].name}}})
    own_site.get(f"/v1/search?q={people[0].name}&kind=person")
    content = own_site.house.service.access.read_bytes()
    for file in own_site.house.folder.glob("*.access*"):
        content += file.read_bytes()
    assert len(entries(own_site.house)) == 3
    for person in people:
        assert person.id_number.encode() not in content
        assert person.name.encode() not in content


def test_without_the_log_nothing_is_told(own_house: House) -> None:
    firm = cast_of(own_house).firm
    with serving(own_house) as site:
        assert site.get(f"/v1/subjects/{firm.id}").status_code == 200
        with sqlite3.connect(own_house.service.access) as other:
            other.execute("DROP TABLE entry")
        other.close()
        with capture_logs() as lines:
            told = site.get(f"/v1/subjects/{firm.id}")
        assert told.status_code == 503
        assert firm.name not in told.text
        # The caller is told neither place nor reason, the administrator both.
        assert (told.json()["code"], told.json()["where"], told.json()["why"]) == ("E508", "", "")
        (line,) = (each for each in lines if each["event"] == "store")
        assert line["request"] == told.headers["X-Request-Id"]
        assert (line["code"], line["where"]) == ("E508", str(own_house.service.access))
        assert "no such table" in line["reason"]


WRITES: dict[str, tuple[str, Any, list[str]]] = {
    "push": ("/v1/records", {"source": "tax_serious", "rows": [ROW]}, ["tax_serious"]),
    "judge": ("/v1/judgements", {"verdict": "unsure", "why": "查"}, ["firm", "person"]),
    "authorise": ("/v1/authorisations", {"purpose": "own_record"}, ["person"]),
    "take_ticket": ("/v1/reconciliation-tickets", {"hours": 1}, []),
}


@pytest.mark.parametrize("action", sorted(WRITES))
def test_a_process_killed_after_it_wrote_leaves_word_of_it(
    own_house: House, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    cast = cast_of(own_house)
    ids = {"firm": cast.firm.id, "person": cast.person.id}
    path, body, about = WRITES[action]
    body |= {"judge": {"parties": list(ids.values())}, "authorise": {"subject": ids["person"]}}.get(
        action, {}
    )

    async def killed(*given: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("api.service.guard.Guarded._recorded", killed)
    with serving(own_house) as site, site.client("officer", **{"X-Case-Number": "A-1"}) as client:
        assert client.post(path, json=body).status_code == 500
    (left,) = entries(own_house)
    assert (left["action"], left["role"], left["case"]) == (action, "officer", "A-1")
    assert left["intends"] == [ids.get(each, each) for each in about]
    assert "status" not in left


def test_without_the_log_nothing_is_written(own_house: House) -> None:
    with serving(own_house) as site:
        with sqlite3.connect(own_house.service.access) as other:
            other.execute("DROP TABLE entry")
        other.close()
        told = site.post("/v1/records", {"source": "tax_serious", "rows": [ROW]})
        assert (told.status_code, told.json()["code"]) == (503, "E508")
    with own_house.store() as store:
        assert not any(batch.file.startswith("api:") for batch in store.evidence.batches())


def test_an_intent_has_an_outcome_also_where_it_failed(own_site: Site) -> None:
    told = own_site.post("/v1/records", {"source": "nothing", "rows": [ROW]})
    intent, outcome = entries(own_site.house)
    assert told.status_code == outcome["status"] == 422
    assert (intent["intends"], intent["request"]) == (["nothing"], outcome["request"])


def test_many_at_once_are_all_in_the_log_in_one_chain(own_site: Site) -> None:
    firm = cast_of(own_site.house).firm
    with ThreadPoolExecutor(8) as pool:
        path = f"/v1/subjects/{firm.id}"
        statuses = list(pool.map(lambda _: own_site.get(path).status_code, range(40)))
    assert statuses == [200] * 40
    assert len(entries(own_site.house)) == 40


def test_an_authorisation_opens_one_question_about_one_person(own_site: Site) -> None:
    person = cast_of(own_site.house).person
    asked = {"subject": person.id, "purpose": "own_record", "hours": 1}
    made = own_site.post("/v1/authorisations", asked)
    if made.status_code == 403:  # where the number of the case is asked for as well
        with own_site.client("officer", **{"X-Case-Number": "A-1"}) as client:
            made = client.post("/v1/authorisations", json=asked)
    assert made.status_code == 201
    shown = {"X-Authorisation": made.json()["token"], "X-Purpose": ""}
    path = f"/v1/subjects/{person.id}/findings"
    with own_site.client("public", **shown) as client:
        first, second = client.get(path), client.get(path)
    assert first.status_code == 200
    assert first.json()["subject"]["name"] == person.name[0] + "**"
    assert (second.status_code, second.json()["code"]) == (403, "E906")
    assert entries(own_site.house)[0]["action"] == "authorise"
