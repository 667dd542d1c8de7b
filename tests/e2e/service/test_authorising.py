"""A person authorises one question about themselves: once, for a while, until revoked."""

from typing import Any

from tests.e2e.service.conftest import Site
from tests.e2e.service.people import cast_of


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


def test_it_opens_nobody_else(own_site: Site) -> None:
    cast = cast_of(own_site.house)
    token = authorised(own_site, cast.firm.id).json()["token"]
    assert asked(own_site, cast.person.id, token).status_code == 403


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
