"""The review desk on a server store: what is said there has the effect it has in a file."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Shell
from tests.e2e.test_review import COURT, FIRMS, FORMER, REGISTER, defaulter, write
from tests.support.fixtures import emptied, given_server

pytestmark = pytest.mark.neo4j

Desks = tuple[Shell, Shell]


@pytest.fixture
def desks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desks]:
    """A doubt, and a defaulter known by name only, on a server and in a file under one key."""
    server = given_server(request)
    emptied(server)
    folder = tmp_path_factory.mktemp("desks")
    write(folder / "files", "市场主体登记.csv", *REGISTER)
    write(folder / "files", "失信被执行人.csv", COURT, defaulter(FORMER, 1))
    pair = Shell(folder, server=server), Shell(folder)
    for shell in pair:
        assert [shell(*words).code for words in (("load", folder / "files"), ("resolve",))] == [
            0,
            1,
        ]
        assert shell("propagate").code == 0
    yield pair
    emptied(server)


def alike(desks: Desks, *words: object) -> str:
    """Run a command on both; return what both answer, without when and under which number."""
    told = [(answer.code, _timeless(answer.out)) for answer in (desk(*words) for desk in desks)]
    assert told[0] == told[1]
    return told[0][1]


def _timeless(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "WHEN", text)
    return re.sub(r"\bj-[0-9a-f]+", "j-", text)


def say(desks: Desks, by: str, *words: str) -> str:
    return alike(desks, "review", *words, "--by", by, "--why", "查登记档案", "--json")


def test_words_have_one_effect_on_both_stores_and_are_taken_back_alike(desks: Desks) -> None:
    before = alike(desks, "export", "clusters"), alike(desks, "export", "findings")
    (task,) = desks[0]("review", "list", "--json").json["tasks"]
    names = (FIRMS["C"][0], FORMER)
    told = [desks[0]("check", name, "--json").json["subject"]["id"] for name in names]
    alike(desks, "review", "list", "--json")
    alike(desks, "review", "show", task["task"], "--json")
    assert "R10" in say(desks, "王五", "decide", *told, "same", "--dry-run")
    assert '"E611"' in say(desks, "王五", "decide", task["task"], "same")
    assert '"proposed"' in say(desks, "王五", "decide", *told, "same")
    assert '"E614"' in say(desks, "王五", "decide", *told, "same")
    assert alike(desks, "export", "clusters") == before[0]
    say(desks, "李四", "decide", *told, "same")
    say(desks, "王五", "decide", task["task"], "different")
    for words in (("review", "list"), ("review", "list", "--judged"), ("changes",)):
        alike(desks, *words, "--json")
    assert alike(desks, "export", "clusters") != before[0]
    assert "R10" in alike(desks, "export", "findings")
    alike(desks, "resolve", "--full", "--json")
    for by in ("赵六", "王五", "李四"):
        alike(desks, "review", "undo", "--person", "王五", "--by", by, "--why", "误判", "--json")
    alike(desks, "propagate")
    assert (alike(desks, "export", "clusters"), alike(desks, "export", "findings")) == before


def test_the_words_move_with_a_copy(desks: Desks) -> None:
    server, file = desks
    assert server.server is not None
    (task,) = server("review", "list", "--json").json["tasks"]
    say(desks, "王五", "decide", task["task"], "different")
    folder = server.folder / "back"
    folder.mkdir()
    back = Shell(folder, server=server.server)
    (back.folder / "key").write_bytes((file.folder / "key").read_bytes())
    (back.folder / "key").chmod(0o600)
    assert back("copy", "--from", server.server.uri, "--to", back.store).code == 0
    for words in (("review", "list", "--judged", "--json"), ("export", "clusters")):
        assert back(*words, "--store", back.store).out == server(*words).out
