"""No personal number gets where it must not: logs, metrics, addresses, errors, the audit log."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from loaders.synthetic.codes import id_number, uscc
from tests.e2e.service.conftest import House, copied
from tests.e2e.service.process import Process, started

NUMBERS = [id_number(serial, female=bool(serial % 2)) for serial in range(71, 75)]
SPACED = " ".join((NUMBERS[3][:6], NUMBERS[3][6:14], NUMBERS[3][14:]))
PAPERS = ["E48123761", "H10293847", "13908581234", "0858-8612345"]
NAME = "欧阳不可见"
FIRM = uscc("91", "XX000918")


@pytest.fixture(scope="module")
def talked(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with started(copied(house, tmp_path_factory.mktemp("talked"))) as process:
        yield process


def requests(client: httpx2.Client, numbers: list[str]) -> Iterator[httpx2.Response]:
    """Send personal numbers wherever a request has room, rightly and wrongly."""
    first, second, third, fourth = numbers
    yield client.post("/v1/check", json={"queries": {"a": {"identifier": first}}})
    yield client.post("/v1/check", json={"queries": {"a": {"name": f"{NAME}{first}"}}})
    yield client.post("/v1/check", json={"queries": {first: {"name": NAME}}})
    yield client.post("/v1/check", json={first: second})
    yield client.post("/v1/check", json={"queries": {"a": {"identifier": first}}, "as_of": second})
    yield client.post("/v1/match", json={"queries": {"a": {"name": NAME, "identifier": first}}})
    yield client.post("/v1/check", content=f'{{"{first}": 1, "{first}": 2}}'.encode())
    yield client.get("/v1/search", params={"q": first})
    yield client.get("/v1/search", params={first: NAME})
    yield client.get(f"/v1/subjects/{first}")
    yield client.get(f"/v1/rules/{second}")
    yield client.get(f"/{first}/{second}")
    yield client.get("/v1/search", params={"q": NAME}, headers={"X-Request-Id": first})
    yield client.get("/v1/search", params={"q": NAME}, headers={"X-Case-Number": second})
    yield client.get("/v1/search", headers={"X-Purpose": third})
    yield client.request(first, "/v1/search")
    row = {"纳税人名称": NAME, "统一社会信用代码": FIRM, "证件号码": first, "法定代表人": NAME}
    case = row | {
        "案件性质": "偷税",
        "违法事实": f"号{second}",
        third: "列",
        "决定日期": "2026-10-01",
    }
    yield client.post("/v1/records", json={"source": "tax_serious", "rows": [case]})
    yield client.post("/v1/records", json={"source": "tax_serious", "rows": [{first: second}]})
    blank = dict.fromkeys(case, "") | {third: second}
    yield client.post("/v1/records", json={"source": "tax_serious", "rows": [case, blank]})
    judged = {"parties": [first, second], "verdict": "same", "why": f"{third}"}
    yield client.post("/v1/judgements", json=judged)
    yield client.post("/v1/judgements/undo", json={"person": first, "why": second})
    yield client.post(f"/v1/reviews/{first}/decision", json={"verdict": "same", "why": second})
    queries = f'{{"q": {{"query": "{first}"}}, "{second}": {{"query": "{NAME}"}}}}'
    yield client.post("/reconcile", data={"queries": queries})
    yield client.post("/reconcile", data={"extend": f'{{"ids": ["{first}"]}}'})
    yield client.get("/reconcile/suggest/entity", params={"prefix": first})
    yield client.get("/v1/paths", params={"from": first, "to": fourth})
    yield client.post("/v1/bidders", json={"opened": "2026-11-01", "bidders": [{"name": first}]})


def shown(text: str) -> list[str]:
    """Return the personal numbers, and the name, that a text holds in full."""
    flat = re.sub(r"[\s+_-]", "", unquote(text))
    numbers = [each for each in NUMBERS + PAPERS if each in text or each in flat]
    return numbers + [each for each in (NAME,) if each in text]


@pytest.fixture(scope="module")
def answers(talked: Process) -> list[httpx2.Response]:
    with talked.site.client("officer") as client:
        spaced = [*NUMBERS[:3], SPACED]
        return [*requests(client, spaced), *requests(client, PAPERS)]


def test_no_error_or_header_repeats_a_number(answers: list[httpx2.Response]) -> None:
    assert {answer.status_code // 100 for answer in answers} == {2, 4}
    for answer in answers:
        assert answer.status_code != 500, answer.text
        headers = " ".join(f"{name}: {text}" for name, text in answer.headers.items())
        assert not shown(headers)
        if answer.status_code >= 400:
            numbers = [each for each in shown(answer.text) if each != NAME]
            assert not numbers, answer.text


def test_a_refused_row_is_told_without_its_numbers(answers: list[httpx2.Response]) -> None:
    told: list[Any] = [a.json() for a in answers if a.status_code == 200 and "batch" in a.text]
    errors = [row["error"] for each in told for row in each["rows"] if row["error"]]
    assert errors
    assert not shown(str(errors))
    assert not shown(str([each["unknown_columns"] for each in told]))


def _log(talked: Process, requests: int) -> str:
    """Return the log once it tells of so many requests: a line follows its answer."""
    until = time.monotonic() + 30
    while (lines := talked.talk.read_text("utf-8")).count('"event":"request"') < requests:
        assert time.monotonic() < until
        time.sleep(0.05)
    return lines


def test_no_log_line_metric_or_audit_entry_holds_a_number_or_name(
    talked: Process, answers: list[httpx2.Response]
) -> None:
    metrics = talked.site.get("/metrics", "admin").text
    # What is no request at all never gets to the application, nor into its log.
    lines = _log(talked, sum("X-Request-Id" in answer.headers for answer in answers))
    with talked.site.house.access() as access:
        audit = "\n".join(entry.body.decode() for entry in access.entries())
    assert "creditgraph_requests_total" in metrics
    assert '"asked"' in audit
    for text in (metrics, lines, audit):
        assert not shown(text)


def test_no_file_beside_the_store_holds_a_number_in_the_clear(
    talked: Process, answers: list[httpx2.Response]
) -> None:
    for file in talked.site.house.folder.iterdir():
        content = file.read_bytes()
        # The third was sent as a heading, and those are kept as they are.
        for number in (NUMBERS[0], NUMBERS[1], NUMBERS[3], *PAPERS[:2], PAPERS[3]):
            assert number.encode() not in content, file.name
