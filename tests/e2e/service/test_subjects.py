"""Subjects over HTTP: ids that moved, times asked about, neighbourhoods that say what they lack."""

import sqlite3
from typing import Any

from api.steps import resolve_store
from loaders.synthetic.codes import uscc
from tests.contract.rows import NOW, Party, Row, write
from tests.e2e.conftest import Shell
from tests.e2e.service.conftest import Site
from tests.e2e.service.people import cast_of


def test_an_id_that_was_superseded_leads_to_the_one_that_took_its_place(own_site: Site) -> None:
    house, shell = own_site.house, Shell(own_site.house.folder)
    with house.store() as store:
        rows = store.facts.subjects(None).to_pylist()
    one, other = [row["id"] for row in rows if row["kind"] == "person" and not row["strong"]][:2]
    judged = ("review", "decide", one, other, "same", "--by", "甲", "--why", "同一人")
    assert shell(*judged).code == 0
    with house.store() as store:
        old, new = (one, other) if store.finder.by_id(one) is None else (other, one)
    told = own_site.get(f"/v1/subjects/{old}/findings?as_of=2026-11-01")
    assert told.status_code == 308
    assert told.headers["Location"] == f"/v1/subjects/{new}/findings?as_of=2026-11-01"
    assert own_site.get(told.headers["Location"]).status_code == 200
    answer = own_site.post("/v1/check", {"queries": {"a": {"subject": old}}}).json()
    assert answer["responses"]["a"]["subject"]["id"] == new


def test_an_id_that_was_split_tells_its_parts_and_no_weak_ones_outside(own_site: Site) -> None:
    cast = cast_of(own_site.house)
    old, parts = "s-" + "0" * 24, [cast.firm.id, cast.doubtful.id]
    with sqlite3.connect(own_site.house.folder / "store.db") as store:
        store.execute(
            "INSERT INTO subject (uid, kind, name, strong, recorded_from, recorded_to) "
            "VALUES (?, 'enterprise', '', 1, '2026-01-01', '2026-02-01')",
            (old,),
        )
        store.execute(
            "INSERT INTO membership_past (mention, subject, strong, recorded_from, recorded_to) "
            "SELECT min(mention), (SELECT id FROM subject WHERE uid = ?), 1, '2026-01-01', "
            "'2026-02-01' FROM membership JOIN subject ON subject.id = membership.subject "
            "WHERE subject.uid IN (?, ?) GROUP BY subject.id",
            (old, *parts),
        )
    store.close()
    told = own_site.get(f"/v1/subjects/{old}")
    assert (told.status_code, told.json()["code"]) == (410, "E602")
    assert told.json()["successors"] == sorted(parts)
    outside = own_site.get(f"/v1/subjects/{old}", "department")
    assert outside.status_code == 308
    assert cast.doubtful.id not in outside.text + outside.headers["Location"]


def test_the_time_asked_about_counts(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/findings"
    now = site.get(path).json()
    assert now["own"]
    early = site.get(path, as_of="2000-01-01").json()
    assert (early["own"], early["listings"]) == ([], [])
    unknown = site.get(f"/v1/subjects/{firm.id}/findings", known_at="2026-11-01T00:00:00Z")
    assert unknown.status_code in (200, 404)
    assert not unknown.json().get("own")


def test_a_neighbourhood_says_what_it_leaves_out(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/graph"
    whole = site.get(path, depth=2).json()
    assert whole["partial_results"] is False
    nodes = {node["id"]: node["depth"] for node in whole["nodes"]}
    assert nodes[firm.id] == 0
    assert len(nodes) > 2
    for edge in whole["edges"]:
        assert {edge["from"], edge["to"]} <= nodes.keys()
    cut = site.get(path, depth=2, limit=2).json()
    assert (cut["partial_results"], cut["cut"], len(cut["nodes"])) == (True, ["limit"], 2)
    kept = site.get(path, depth=2, types="director").json()
    assert {edge["type"] for edge in kept["edges"]} == {"director"}
    public = site.get(path, "public", depth=2).json()
    assert public["cut"] == ["persons"]
    assert all(node["depth"] < 2 for node in public["nodes"])


def test_a_neighbourhood_tells_what_ties_the_outermost_to_each_other(own_site: Site) -> None:
    codes = [uscc("91", f"XX00000{n}") for n in range(1, 4)]
    firms = [Party("subject", "enterprise", code, [("uscc", code)]) for code in codes]
    pairs = ((0, 1), (0, 2), (1, 2))
    rows = [
        Row(f"{pair}", [firms[end] for end in pair], relations=[("guarantor", 0, 1, None, None)])
        for pair in pairs
    ]
    seal = own_site.house.seal
    with own_site.house.store() as store:
        write(store, "bank", rows, seal=seal)
        resolve_store(store, NOW, full=False)
        ids = [store.finder.by_keys([seal.key_of("uscc", code)])[0].id for code in codes]
    told = own_site.get(f"/v1/subjects/{ids[0]}/graph").json()
    assert {node["id"]: node["depth"] for node in told["nodes"]} == dict(
        zip(ids, (0, 1, 1), strict=True)
    )
    edges = {(edge["from"], edge["to"]) for edge in told["edges"]}
    assert edges == {(ids[one], ids[other]) for one, other in pairs}
    assert (told["partial_results"], told["explored"]) == (False, 1)


def test_relations_are_told_in_parts(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/relations"
    whole = site.get(path).json()
    assert whole["total"] == len(whole["relations"]) > 1
    parts: list[dict[str, Any]] = []
    for offset in range(whole["total"]):
        parts += site.get(path, limit=1, offset=offset).json()["relations"]
    assert parts == whole["relations"]


def test_the_feed_is_read_on_from_where_it_was_left(site: Site) -> None:
    cursor, seen = 0, []
    while True:
        page = site.get("/v1/changes", cursor=cursor, limit=7).json()
        if page["next"] == cursor:
            break
        seen += [change["cursor"] for change in page["changes"]]
        cursor = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) > 20


def test_the_catalogue_is_not_sent_twice(site: Site) -> None:
    first = site.get("/v1/catalog")
    assert first.json()["index_stale"] is False
    with site.client() as client:
        tag = {"If-None-Match": first.headers["ETag"]}
        assert client.get("/v1/catalog", headers=tag).status_code == 304
        other = {"If-None-Match": '"other"'}
        assert client.get("/v1/catalog", headers=other).status_code == 200


def test_who_may_be_told_of_few_finds_them_behind_others(site: Site) -> None:
    """Persons come first under a family name; the public is told of bodies only."""
    for asked in ("安", "建"):
        whole = site.get("/v1/search", "public", q=asked, limit=50).json()
        assert not whole["partial_results"]
        few = site.get("/v1/search", "public", q=asked, limit=2).json()
        assert few["results"] == whole["results"][:2]
        assert few["partial_results"] == (len(whole["results"]) > 2)
    branches = site.get("/v1/search", q="公司", kind="branch", limit=50).json()["results"]
    first = site.get("/v1/search", q="公司", kind="branch", limit=1).json()["results"]
    assert first == branches[:1] != []
