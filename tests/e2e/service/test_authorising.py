"""A person authorises one question about themselves: once, for a while, until revoked."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.service.recorder import Recorder
from graph.errors import StoreError
from graph.sanctions.inquiry import assess_one
from tests.e2e.service.conftest import House, Site, serving
from tests.e2e.service.people import cast_of
from tests.e2e.service.test_audit import entries


def authorised(site: Site, subject: str, role: str = "officer", case: str = "SQ-2026-17") -> Any:
    body = {"subject": subject, "purpose": "own_record", "hours": 1}
    with site.client(role, **{"X-Case-Number": case}) as client:
        return client.post("/v1/authorisations", json=body)


def asked(site: Site, subject: str, token: str) -> Any:
    with site.client("public", **{"X-Authorisation": token, "X-Purpose": ""}) as client:
        return client.get(f"/v1/subjects/{subject}/findings")


def test_a_token_opens_one_question_about_one_person(own_site: Site) -> None:
    person = cast_of(own_site.house).person.id
    assert asked(own_site, person, "").status_code == 403
    token = authorised(own_site, person).json()["token"]
    told = asked(own_site, person, token)
    assert told.status_code == 200
    assert told.json()["own"] or told.json()["linked"]
    again = asked(own_site, person, token)
    assert (again.status_code, again.json()["code"]) == (403, "E906")


def test_it_opens_nobody_else_and_stays_good(own_site: Site) -> None:
    cast = cast_of(own_site.house)
    token = authorised(own_site, cast.person.id).json()["token"]
    assert asked(own_site, cast.doubtful.id, token).status_code in (403, 404)
    assert asked(own_site, cast.firm.id, token).status_code == 200
    assert asked(own_site, cast.person.id, token).status_code == 200
    assert asked(own_site, cast.person.id, token).json()["code"] == "E906"


def test_an_answer_that_was_not_given_leaves_it_good(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast_of(own_house).person.id
    busy = [True]

    def assess(*given: Any) -> Any:
        if busy.pop():
            raise StoreError("E503", where="store", reason="locked")
        return assess_one(*given)

    monkeypatch.setattr("api.service.asking.assess_one", assess)
    monkeypatch.setattr("api.service.asking.Inquiry.settled", False)
    with serving(own_house) as site:
        token = authorised(site, person).json()["token"]
        assert asked(site, person, token).json()["code"] == "E503"
        busy.append(False)
        assert asked(site, person, token).status_code == 200
        assert asked(site, person, token).json()["code"] == "E906"


def test_an_answer_the_log_could_not_tell_of_leaves_it_good(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast_of(own_site.house).person.id
    token = authorised(own_site, person).json()["token"]

    async def record(*given: Any) -> None:
        raise StoreError("E508", where="log", reason="disk")

    with monkeypatch.context() as broken:
        broken.setattr(Recorder, "record", record)
        assert asked(own_site, person, token).json()["code"] == "E508"
    assert asked(own_site, person, token).status_code == 200


def test_of_two_answers_at_once_one_is_given(own_site: Site) -> None:
    person = cast_of(own_site.house).person.id
    token = authorised(own_site, person).json()["token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: asked(own_site, person, token), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 7
    told = [entry for entry in entries(own_site.house) if "authorised" in entry]
    assert [entry["authorised"] for entry in told] == [person]


def test_it_can_be_revoked_once(own_site: Site) -> None:
    person = cast_of(own_site.house).person.id
    made = authorised(own_site, person).json()
    with own_site.client("officer") as client:
        path = f"/v1/authorisations/{made['authorisation']}"
        assert client.delete(path).json() == {"id": made["authorisation"], "state": "revoked"}
        assert client.delete(path).json()["code"] == "E958"
    assert asked(own_site, person, made["token"]).json()["code"] == "E906"


def test_it_rests_on_something_signed_and_is_made_by_officers(own_site: Site) -> None:
    person = cast_of(own_site.house).person.id
    assert authorised(own_site, person, case="").json()["code"] == "E959"
    for role in ("public", "department", "reviewer", "auditor", "admin"):
        assert authorised(own_site, person, role).status_code == 403
    assert authorised(own_site, "s-" + "0" * 24).status_code == 404
