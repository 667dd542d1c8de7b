"""What the documents show works: every curl example runs, and the table of roles is the code's."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.service.roles import GRANTS, Permission, Role
from tests.e2e.service.conftest import Site

ROOT = Path(__file__).parents[3]
DOCUMENTS = ("docs/API.md", "README.md", "README.zh-CN.md")


def examples(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [block for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S) if "curl " in block]


CASES = [(document, block) for document in DOCUMENTS for block in examples(document)]


def test_every_document_shows_how_to_ask() -> None:
    assert {document for document, _ in CASES} == set(DOCUMENTS)
    assert shutil.which("curl")


@pytest.mark.parametrize(("document", "block"), CASES)
def test_an_example_is_answered(site: Site, document: str, block: str) -> None:
    firm = site.get("/v1/search", q="贵州乌蒙源物流有限公司").json()["results"][0]
    environment = os.environ | {
        "URL": site.url,
        "KEY": site.house.secrets[Role.DEPARTMENT],
        "SUBJECT": firm["id"],
        "no_proxy": "127.0.0.1",
    }
    for command in re.split(r"\n(?=curl )", block.strip()):
        run = subprocess.run(
            ["bash", "-euc", command], env=environment, capture_output=True, check=False
        )
        assert run.returncode == 0, (command, run.stdout.decode(), run.stderr.decode())
        answer = json.loads(run.stdout)
        assert "code" not in answer
        for item in answer.get("responses", {}).values():
            assert item["status"] == 200


def test_the_table_of_roles_is_the_one_that_is_followed() -> None:
    text = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    head, rows = re.findall(r"\| permission \|(.*)\n\|---.*\n((?:\|.*\n)+)", text)[0]
    roles = [Role(cell.strip()) for cell in head.split("|") if cell.strip()]
    shown = {}
    for row in rows.splitlines():
        name, *cells = [cell.strip() for cell in row.strip("|").split("|")]
        shown[Permission(name)] = {role for role, cell in zip(roles, cells, strict=True) if cell}
    assert roles == list(Role)
    assert shown == {each: {r for r in Role if each in GRANTS[r]} for each in Permission}
