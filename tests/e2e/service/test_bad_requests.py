"""Requests that are not as they should be: a 4xx with code, what, where, why, fix; never a 500."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.e2e.service.conftest import House, Site, serving

PERSON = "520201198001010017"  # of the right form; nobody's
CHECK = "/v1/check"

BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "E907"),
    "not JSON": (b"{", "E907"),
    "not UTF-8": (b'{"queries": {"a": {"name": "\xff"}}}', "E907"),
    "half a character": (b'{"queries": {"a": {"name": "\\ud800"}}}', "E907"),
    "not a number": (b'{"queries": {}, "as_of": NaN}', "E907"),
    "nested too deep": (b"[" * 5_000 + b"]" * 5_000, "E907"),
    "a key twice": (b'{"queries": {"a": {"name": "x"}, "a": {"name": "y"}}}', "E939"),
    "a list": (b"[]", "E908"),
    "nothing asked": (b'{"queries": {}}', "E908"),
    "an unknown field": (b'{"queries": {"a": {"name": "x"}}, "limt": 1}', "E908"),
    "a bad date": (b'{"queries": {"a": {"name": "x"}}, "as_of": "2026-02-30"}', "E908"),
    "seconds for a day": (b'{"queries": {"a": {"name": "x"}}, "as_of": 0}', "E908"),
    "seconds for a moment": (b'{"queries": {"a": {"name": "x"}}, "known_at": 86400.0}', "E908"),
    "a moment without a zone": (
        b'{"queries": {"a": {"name": "x"}}, "known_at": "2026-02-03T00:00:00"}',
        "E908",
    ),
}


@pytest.mark.parametrize("name", sorted(BODIES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_bad_body_is_refused_in_words(site: Site, name: str, lang: str) -> None:
    body, code = BODIES[name]
    with site.client() as client:
        told = client.post(
            f"{CHECK}?lang={lang}", content=body, headers={"Content-Type": "application/json"}
        )
    assert told.status_code in (400, 422)
    problem = told.json()
    assert problem["code"] == code
    assert set(problem) == {"code", "what", "where", "why", "fix"}
    assert problem["fix"]
    assert any(character >= "\u4e00" for character in problem["what"]) is (lang == "zh")


URLS = {
    "/v1/search": "E908",
    "/v1/search?q=": "E908",
    "/v1/search?q=%20": "E908",
    "/v1/search?q=x%00": "E908",
    "/v1/search?q=" + "x" * 201: "E908",
    "/v1/search?q=x&limit=0": "E908",
    "/v1/search?q=x&limit=1e9": "E908",
    "/v1/search?q=x&kind=firm": "E908",
    "/v1/search?q=x&lmit=3": "E936",
    "/v1/search?q=x&q=y": "E938",
    "/v1/search?q=x&lang=fr": "E908",
    "/v1/rules?as_of=0": "E908",
    "/v1/rules?as_of=20261101": "E908",
    f"/v1/search?q={PERSON}": "E937",
    f"/v1/subjects/{PERSON}": "E937",
    f"/v1/search?q=x&{PERSON}=1": "E937",
    "/v1/subjects/s-xyz": "E908",
    "/v1/subjects/s-000000000000000000000000": "E603",
    "/v1/subjects/s-000000000000000000000000/graph?depth=9": "E908",
    "/v1/findings/00000000000000000000000000000000": "E603",
    "/v1/rules/R99": "E721",
    "/v1/rules/x": "E908",
    "/v1/changes?cursor=-1": "E908",
    "/v1/changes?cursor=99999999999999999999999": "E908",
    "/v1/paths?from=x": "E908",
    "/v1/paths?from=x&to=y": "E943",
    "/v1/paths?from=x&to=y&hops=7": "E908",
    "/v1/nothing": "E930",
}


@pytest.mark.parametrize("url", sorted(URLS))
def test_a_bad_address_is_refused_in_words(site: Site, url: str) -> None:
    told = site.get(url)
    assert 400 <= told.status_code < 500
    assert told.json()["code"] == URLS[url]
    assert PERSON not in told.text


def test_other_methods_types_and_keys_are_refused(site: Site) -> None:
    with site.client() as client:
        assert client.delete(CHECK).json()["code"] == "E931"
        assert client.post(CHECK, content=b"x").status_code == 415
        assert client.post(CHECK, data={"a": "b"}).json()["code"] == "E932"
        told = client.post(CHECK, json=ask({}), headers={"X-Purpose": "curiosity"})
        assert (told.status_code, told.json()["code"]) == (422, "E908")
        told = client.post(CHECK, json=ask({"name": "x"}), headers={"X-Authorisation": "none"})
        assert (told.status_code, told.json()["code"]) == (403, "E906")
    assert site.post(CHECK, ask({"name": "x"}), None).status_code == 401


ITEMS: dict[str, tuple[dict[str, Any], str]] = {
    "no valid code": ({"identifier": "91520201XX0001011M"}, "E940"),
    "a masked number": ({"identifier": "520201********0017"}, "E940"),
    "nothing": ({}, "E908"),
    "two things": ({"identifier": "x", "name": "y"}, "E908"),
    "unknown field": ({"nme": "x"}, "E908"),
    "an unknown id": ({"subject": "s-000000000000000000000000"}, "E603"),
    "a bad id": ({"subject": "x"}, "E908"),
}


def test_a_bad_item_has_its_own_error_and_the_others_are_answered(site: Site) -> None:
    asked = {name.replace(" ", "-"): item for name, (item, _) in ITEMS.items()}
    told = site.post(CHECK, {"queries": asked | {"good": {"name": "贵州乌蒙源物流有限公司"}}})
    assert told.status_code == 200
    responses = told.json()["responses"]
    assert responses["good"]["subject"]["name"] == "贵州乌蒙源物流有限公司"
    for name, (_, code) in ITEMS.items():
        item = responses[name.replace(" ", "-")]
        assert (item["status"] in (404, 422), item["error"]["code"]) == (True, code)
        assert item["error"]["fix"]


def test_an_oversize_body_is_refused_whether_or_not_it_says_so(own_house: House) -> None:
    small = replace(own_house.service, body_bytes=1_024)
    with serving(own_house, small) as site, site.client() as client:
        headers = {"Content-Type": "application/json"}
        told = client.post(CHECK, content=b" " * 2_000, headers=headers)
        assert (told.status_code, told.json()["code"]) == (413, "E909")
        told = client.post(CHECK, content=iter([b" " * 600] * 3), headers=headers)
        assert (told.status_code, told.json()["code"]) == (413, "E909")
        assert client.post(CHECK, json=ask({"name": "x"})).status_code == 200


def test_who_asks_too_often_has_to_wait(own_house: House) -> None:
    with serving(own_house, replace(own_house.service, rate="3/hour")) as site:
        statuses = [site.get("/v1/rules/R02").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert site.get("/v1/rules/R02", "department").status_code == 200
        told = site.get("/v1/rules/R02")
        assert (told.json()["code"], told.headers["Retry-After"]) == ("E910", "5")


def test_who_tries_many_keys_has_to_wait(own_house: House) -> None:
    with serving(own_house) as site, site.client(None) as client:
        tried = [
            client.get("/v1/rules", headers={"Authorization": f"Bearer cg_{n:08}_x"}).status_code
            for n in range(31)
        ]
        assert tried == [401] * 30 + [429]
        # Whoever holds a good key does not wait for others behind the same address.
        assert site.get("/v1/rules").status_code == 200


def test_an_uploaded_workbook_has_narrower_bounds_than_a_file(site: Site, tmp_path: Path) -> None:
    book = tmp_path / "bidders.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(600):
            sheet.write_row(row, 0, ["甲"] * 100)
    with site.client("procurement") as client:
        told = client.post(
            "/v1/bidders",
            files={"file": (book.name, book.read_bytes())},
            data={"opened": "2026-11-01"},
        )
    assert (told.status_code, told.json()["code"]) == (422, "E205")


def test_bidders_are_listed_in_one_of_two_types_of_body(site: Site) -> None:
    with site.client("procurement", **{"X-Case-Number": "A-1"}) as client:
        for body in ({"content": b"x"}, {"data": {"opened": "2026-11-01"}}):
            told = client.post("/v1/bidders", **body)
            assert (told.status_code, told.json()["code"]) == (415, "E932")
            assert "application/json, multipart/form-data" in told.json()["why"]
        without_day = client.post("/v1/bidders", files={"file": ("a.csv", b"x")})
        assert (without_day.status_code, without_day.json()["code"]) == (422, "E908")
        other = client.post(
            "/v1/bidders", files={"file": ("a.exe", b"x")}, data={"opened": "2026-11-01"}
        )
        assert (other.status_code, other.json()["code"]) == (415, "E945")


def ask(question: dict[str, Any]) -> dict[str, Any]:
    return {"queries": {"one": question}}
