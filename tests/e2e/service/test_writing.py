"""Rows, objections, repairs and withdrawals over HTTP: what a file would bring, told at once."""

import csv
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.steps import loader_of, propagate_store, refresh_store, resolve_store
from graph.sanctions.rulebook import load_rulebook
from graph.store.sqlite import SqliteStore
from loaders.manifest_reader import read_manifests
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import Party, Row, write
from tests.e2e.service.conftest import NOW, House, Site, serving
from tests.e2e.service.test_audit import entries

FIRM, PERSON = uscc("91", "XX000917"), id_number(77, female=False)
NAME, HEAD = "六盘水市推送测试物流有限公司", "禹推送"
TAX = {
    "纳税人名称": NAME,
    "统一社会信用代码": FIRM,
    "法定代表人": HEAD,
    "证件类型": "居民身份证",
    "证件号码": PERSON,
    "案件性质": "逃避追缴欠税",
    "违法行为发生日期": "2026-03-01",
    "决定书文号": "钟税稽罚〔2026〕9号",
    "决定日期": "2026-10-01",
    "公布机关": "国家税务总局六盘水市税务局稽查局",
    "公布日期": "2026-10-08",
}
MARKET = {"pripid": "520201999999901", "entname": NAME, "uniscid": FIRM, "name": HEAD}


def pushed(site: Site, source: str, *rows: dict[str, str], **more: Any) -> Any:
    with site.client(more.pop("role", "officer"), **more) as client:
        answer = client.post("/v1/records", json={"source": source, "rows": list(rows)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_write_that_takes_long_is_answered_and_told_of_in_the_log(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*given: Any) -> Any:
        time.sleep(2)
        return refresh_store(*given)

    monkeypatch.setattr("api.service.guard._BEYOND_SECONDS", 0)
    monkeypatch.setattr("api.service.writing.refresh_store", slowly)
    with serving(own_house, replace(own_house.service, seconds=1)) as site:
        told = pushed(site, "tax_serious", TAX)
    assert [row["state"] for row in told["rows"]] == ["accepted"]
    _, outcome = entries(own_house)
    assert outcome["decided"] == [told["batch"]]


def listing_of(site: Site) -> str:
    with site.house.store() as store:
        (subject,) = store.finder.by_name(NAME, 5)
        (listing,) = store.facts.listings([subject.id])
        return listing.id


def current(house: House) -> set[str]:
    with house.store() as store:
        return {body["id"] for body in store.findings.current()}


def said(house: House) -> set[tuple[str, ...]]:
    """What findings say, whatever rows they rest on."""
    with house.store() as store:
        return {
            tuple(str(body[part]) for part in ("subject", "rule", "kind", "measure", "suspected"))
            for body in store.findings.current()
        }


def test_a_row_pushed_is_resolved_and_propagated_at_once(own_site: Site) -> None:
    before = current(own_site.house)
    answer = pushed(own_site, "tax_serious", TAX)
    (row,) = answer["rows"]
    assert (row["state"], row["error"]) == ("accepted", None)
    appeared = {each["finding"] for each in answer["appeared"]}
    assert appeared
    assert (answer["retracted"], answer["waiting"], answer["complete"]) == ([], [], True)
    assert appeared == current(own_site.house) - before
    assert {each["subject"] for each in answer["appeared"]} & set(row["subjects"])


def test_a_row_has_the_same_id_pushed_and_in_a_file(own_site: Site, tmp_path: Path) -> None:
    rows = [TAX, TAX | {"决定书文号": "钟税稽罚〔2026〕10号", "自定义列": "甲"}]
    told = pushed(own_site, "tax_serious", *rows)
    assert told["unknown_columns"] == ["自定义列"]
    file = tmp_path / "重大税收违法失信主体.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[1]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    with SqliteStore(tmp_path / "other.db", own_site.house.seal) as store:
        loader = loader_of(store, read_manifests(), own_site.house.seal, NOW)
        report = loader.load(file, source=None, progress=lambda rows: None)
        assert (report.source, report.counts.accepted) == ("tax_serious", 2)
        for row in told["rows"]:
            assert store.evidence.record(row["record"]) is not None


def test_the_state_after_a_push_is_that_of_loading_the_file(own_house: House) -> None:
    from tests.e2e.service.conftest import serving

    with serving(own_house) as site:
        pushed(site, "market_main", MARKET)
        pushed(site, "tax_serious", TAX)
    pushed_findings = current(own_house)
    with own_house.store() as store:
        resolve_store(store, NOW, full=True)
        store.findings.replace({}, NOW, "nothing")
        propagate_store(store, load_rulebook(), NOW.date(), NOW)
    assert current(own_house) == pushed_findings


def test_each_row_is_accepted_refused_or_a_known_repeat(own_site: Site) -> None:
    rows = [TAX, TAX | {"纳税人名称": ""}, dict.fromkeys(TAX, " "), TAX, TAX | {"案件性质": "a\0b"}]
    told = pushed(own_site, "tax_serious", *rows)
    assert [row["state"] for row in told["rows"]] == [
        "accepted",
        "refused",
        "refused",
        "repeated",
        "refused",
    ]
    errors = [row["error"]["code"] for row in told["rows"] if row["error"]]
    assert errors == ["E311", "E952", "E302"]
    assert all(row["error"]["fix"] for row in told["rows"] if row["error"])
    assert (told["accepted"], told["refused"], told["repeated"]) == (1, 3, 1)
    assert told["rows"][0]["record"] == told["rows"][3]["record"]


def test_a_push_sent_again_says_nothing_new(own_site: Site) -> None:
    first = pushed(own_site, "tax_serious", TAX)
    again = pushed(own_site, "tax_serious", TAX)
    assert again["rows"][0]["state"] == "repeated"
    assert again["rows"][0]["record"] == first["rows"][0]["record"]
    assert (again["appeared"], again["retracted"], again["batch"]) == ([], [], first["batch"])


def test_an_idempotency_key_gets_the_first_answer_and_holds_one_body(own_site: Site) -> None:
    key = {"Idempotency-Key": "load-2026-11-29/1"}
    first = pushed(own_site, "tax_serious", TAX, **key)
    with own_site.client("officer", **key) as client:
        again = client.post("/v1/records", json={"source": "tax_serious", "rows": [TAX]})
        other = client.post("/v1/records", json={"source": "tax_serious", "rows": [TAX, TAX]})
    assert again.json() == first
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "E935")
    # Another caller's key is another key.
    assert pushed(own_site, "tax_serious", TAX, role="department", **key)["repeated"] == 1


def test_a_body_that_was_refused_leaves_its_key_free(own_site: Site) -> None:
    with own_site.client("officer", **{"Idempotency-Key": "k"}) as client:
        bad = client.post("/v1/records", json={"source": "nothing", "rows": [TAX]})
        assert (bad.status_code, bad.json()["code"]) == (422, "E426")
        good = client.post("/v1/records", json={"source": "tax_serious", "rows": [TAX]})
    assert good.status_code == 200


def test_rows_of_a_list_that_is_delivered_whole_are_refused(own_site: Site) -> None:
    row = {"纳税人名称": NAME, "欠税余额": "10"}
    answer = own_site.post("/v1/records", {"source": "tax_arrears", "rows": [row]})
    assert (answer.status_code, answer.json()["code"]) == (422, "E951")


@pytest.mark.parametrize("role", ["public", "procurement", "reviewer", "auditor", "admin"])
def test_who_may_not_write_does_not(own_site: Site, role: str) -> None:
    body = {"source": "tax_serious", "rows": [TAX]}
    assert own_site.post("/v1/records", body, role).status_code == 403
    path = "/v1/listings/l-" + "0" * 24 + "/repairs"
    assert own_site.post(path, {"decided": "2026-11-01"}, role).status_code == 403


def test_a_department_is_not_told_what_is_for_reviewers(own_site: Site) -> None:
    told = pushed(own_site, "tax_serious", TAX, role="department")
    # Without the number of a case it is told of no finding shared within government.
    with own_site.house.store() as store:
        measures = load_rulebook().measures
        for each in told["appeared"]:
            body = store.findings.finding(each["finding"])
            assert body is not None
            assert measures[body["measure"]].sharing == "public"
            assert not body["suspected"]
    # By name alone the row may be of somebody else: whom it was joined to is not told.
    namesake = {key: TAX[key] for key in ("纳税人名称", "案件性质")} | {"决定书文号": "无号"}
    (weak,) = pushed(own_site, "tax_serious", namesake, role="department")["rows"]
    assert weak["subjects"] == []
    (seen,) = pushed(own_site, "tax_serious", namesake)["rows"]
    assert seen["subjects"]


def sent(site: Site, listing: str, what: str, **body: str) -> Any:
    answer = site.post(f"/v1/listings/{listing}/{what}", body, "department")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_objection_pauses_and_what_closes_it_lets_run_or_voids(own_site: Site) -> None:
    before = said(own_site.house)
    pushed(own_site, "tax_serious", TAX)
    listing, held = listing_of(own_site), said(own_site.house)
    paused = sent(own_site, listing, "objections", filed="2026-11-10", reason="主体有误")
    assert (paused["status"], paused["rows"][0]["state"]) == ("objected", "accepted")
    assert said(own_site.house) == before
    closed = {"filed": "2026-11-10", "result": "refused", "closed": "2026-11-20"}
    assert sent(own_site, listing, "objections", **closed)["status"] == "effective"
    assert said(own_site.house) == held
    upheld = {"filed": "2026-11-22", "result": "upheld", "closed": "2026-11-28"}
    assert sent(own_site, listing, "objections", **upheld)["status"] == "withdrawn"
    assert said(own_site.house) == before


def test_a_repair_retracts_and_a_later_refusal_takes_it_back(own_site: Site) -> None:
    before = said(own_site.house)
    pushed(own_site, "tax_serious", TAX)
    listing, held = listing_of(own_site), said(own_site.house)
    told = sent(own_site, listing, "repairs", decided="2026-11-20", number="钟信修〔2026〕8号")
    assert told["status"] == "repaired"
    assert said(own_site.house) == before
    taken = sent(own_site, listing, "repairs", decided="2026-11-25", result="refused")
    assert taken["status"] == "effective"
    assert said(own_site.house) == held


def test_a_withdrawal_voids_from_the_start(own_site: Site) -> None:
    before = said(own_site.house)
    pushed(own_site, "tax_serious", TAX)
    told = sent(own_site, listing_of(own_site), "withdrawals", decided="2026-11-20")
    assert (told["status"], said(own_site.house)) == ("withdrawn", before)


def test_what_became_of_a_listing_is_a_row_of_its_feed(own_site: Site) -> None:
    pushed(own_site, "tax_serious", TAX)
    told = sent(own_site, listing_of(own_site), "repairs", decided="2026-11-20")
    with own_site.house.store() as store:
        record = store.evidence.record(told["rows"][0]["record"])
    assert record is not None
    assert record["source"] == told["source"] == "credit_repair"
    assert record["cells"]["原决定书文号"] == TAX["决定书文号"]
    assert record["cells"]["统一社会信用代码"] == FIRM
    with own_site.house.access() as access:
        decided = [json.loads(entry.body).get("decided") for entry in access.entries()]
    assert [told["batch"]] in decided


def test_what_waited_follows_though_the_write_is_refused(own_site: Site) -> None:
    with own_site.house.store() as store:
        waits = Row("waits", [Party("subject", "enterprise", NAME)])
        write(store, "tax_serious", [waits], seal=own_site.house.seal)
        assert "resolve" in store.overview.stale()
    assert own_site.post(f"/v1/listings/l-{'0' * 24}/repairs", {"decided": "2026-11-01"}).is_error
    with own_site.house.store() as store:
        assert store.overview.stale() == []


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("objections", {"filed": "2026-12-01"}, "E955"),
        ("objections", {"filed": "2026-11-01", "result": "upheld"}, "E957"),
        ("objections", {"filed": "2026-11-09", "result": "upheld", "closed": "2026-11-01"}, "E956"),
        ("repairs", {"decided": "2026-11-01", "applied": "2026-11-02"}, "E956"),
        ("withdrawals", {"decided": "2027-01-01"}, "E955"),
        ("withdrawals", {"decided": "2026-11-01"}, "E953"),
    ],
)
def test_what_cannot_be_is_refused(own_site: Site, what: str, body: Any, code: str) -> None:
    answer = own_site.post(f"/v1/listings/l-{'0' * 24}/{what}", body)
    assert (answer.json()["code"], answer.status_code) == (code, 404 if code == "E953" else 400)
    with own_site.house.store() as store:
        assert not any(batch.file.startswith("api:") for batch in store.evidence.batches())
