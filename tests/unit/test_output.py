"""What reaches stdout and stderr: pipes, GBK consoles, full disks, unfriendly cells."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import pytest

from api import output as output_module
from api.errors import exit_code, tell
from api.output import Output
from graph.errors import DataError, QueryError, StoreError, UsageError

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")


@dataclass
class Console:
    """What was printed on stdout and stderr."""

    out: io.BytesIO = field(default_factory=io.BytesIO)
    talk: io.BytesIO = field(default_factory=io.BytesIO)


@contextmanager
def console(encoding: str = "utf-8", stdout: TextIO | None = None) -> Iterator[Console]:
    """Stand in for stdout and stderr, in an encoding of choice."""
    shown = Console()
    out = io.TextIOWrapper(shown.out, encoding=encoding)
    talk = io.TextIOWrapper(shown.talk, encoding=encoding)
    with redirect_stdout(stdout or out), redirect_stderr(talk):
        yield shown
    out.detach()
    talk.detach()


@contextmanager
def gone() -> Iterator[Console]:
    """A console whose stdout is a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream, console(stdout=stream) as shown:
        yield shown


@contextmanager
def full() -> Iterator[Console]:
    """A console whose stdout lies on a full disk."""
    with FULL.open("w", encoding="utf-8") as stream, console(stdout=stream) as shown:
        yield shown


def test_data_goes_to_stdout_and_talk_to_stderr(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out = Output()
    out.line("数据")
    out.say("说明")
    assert capfdbinary.readouterr() == ("数据\n".encode(), "说明\n".encode())


def test_json_is_one_utf8_document_whatever_the_console() -> None:
    with console("gbk") as shown:
        Output().document({"name": "㛃䶮𠅤", "n": None})
    printed = shown.out.getvalue()
    assert json.loads(printed.decode("utf-8")) == {"name": "㛃䶮𠅤", "n": None}
    assert printed.endswith(b"}\n")


def test_a_name_that_is_no_utf8_on_disk_does_not_break_the_document() -> None:
    with console() as shown:
        Output().document({"file": "\udcb4\udca6.csv", "row": 1})
    assert json.loads(shown.out.getvalue()) == {"file": "??.csv", "row": 1}


def test_a_gbk_console_shows_a_question_mark_for_a_character_it_lacks() -> None:
    with console("gbk") as shown:
        out = Output()
        out.line("王㛃𠅤")
        out.table(["姓名"], [["王𠅤"]])
        out.say("龘𠅤")
    lines = shown.out.getvalue().decode("gbk").splitlines()
    assert lines[0] == "王??"
    assert lines[-1].strip() == "王?"
    assert shown.talk.getvalue().decode("gbk") == "龘?\n"


def test_a_piped_table_keeps_long_cells_on_one_line_and_aligns_numbers() -> None:
    name = "钟山区" * 30
    with console() as shown:
        Output().table(["n", "名称"], [[1, name], [100, None]])
    lines = shown.out.getvalue().decode().splitlines()
    assert name in lines[2]
    assert [line.split("|")[0] for line in lines[2:]] == ["  1 ", "100 "]
    assert set(lines[1]) <= set("-+")


def test_cells_are_text_and_neither_markup_nor_commands_to_the_terminal() -> None:
    cell = "[bold]甲[/bold] :smile: \x1b[2J\x9b\r乙"
    with console() as shown:
        Output().table(["名称"], [[cell]])
        Output().line(cell)
    for line in shown.out.getvalue().decode().split("\n")[2:-1]:
        assert line.rstrip(" ") == "[bold]甲[/bold] :smile: ?[2J??乙"


def test_csv_is_utf8_without_bom_with_plain_line_ends() -> None:
    with console("gbk") as shown:
        Output().csv(["a", "b"], [["甲,乙", 1], ["㛃", None]], None)
    assert shown.out.getvalue() == 'a,b\n"甲,乙",1\n㛃,\n'.encode()


def test_csv_and_json_lines_go_to_a_named_file(tmp_path: Path) -> None:
    Output().csv(["a"], [["甲"], ["two\nlines"]], tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["a"], ["甲"], ["two\nlines"]]
    Output().objects([{"a": "甲"}, {"a": 2}], tmp_path / "x.jsonl", one=False)
    assert (tmp_path / "x.jsonl").read_bytes() == '{"a":"甲"}\n{"a":2}\n'.encode()


@pytest.mark.parametrize("bodies", [[], [{"a": "甲"}], [{"a": "甲"}, {"a": 2}]])
def test_objects_together_are_one_json_document(
    tmp_path: Path, bodies: list[dict[str, object]]
) -> None:
    Output().objects(bodies, tmp_path / "x.json", one=True)
    assert json.loads((tmp_path / "x.json").read_bytes()) == bodies


def test_a_file_that_cannot_be_written_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Output().csv(["a"], [], tmp_path / "none" / "x.csv")
    assert caught.value.code == "E123"
    assert caught.value.facts["reason"] == os.strerror(2)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda out: out.line("x"), id="line"),
        pytest.param(lambda out: out.document({"x": 1}), id="document"),
        pytest.param(lambda out: out.table(["x"], [["y"]]), id="table"),
        pytest.param(lambda out: out.csv(["x"], ([n] for n in range(10**4)), None), id="csv"),
        pytest.param(
            lambda out: out.objects(({"x": n} for n in range(10**4)), None, one=False), id="jsonl"
        ),
    ],
)
class TestStream:
    """A stream that takes no more."""

    def test_when_the_reader_has_gone_the_command_ends_as_it_would_have(
        self, write: Callable[[Output], None]
    ) -> None:
        with gone() as shown:
            out = Output()
            write(out)
            out.line("more")
            out.say("done")
        assert shown.talk.getvalue() == b"done\n"

    @needs_full
    def test_a_full_disk_is_an_error_with_a_code(self, write: Callable[[Output], None]) -> None:
        with full(), pytest.raises(UsageError, match="E123"):
            write(Output())


@needs_full
def test_a_full_disk_does_not_fail_again_when_the_process_ends() -> None:
    code = "from api.cli import main; main()"
    with FULL.open("wb") as stream:
        ended = subprocess.run(
            [sys.executable, "-c", code, "config", "show", "--json"],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr


class TestProgress:
    """Work that takes long says so, work that does not is quiet."""

    def test_short_work_says_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        with Output().progress("装载") as advance:
            advance(10)
        assert capfd.readouterr() == ("", "")

    def test_a_pipe_gets_a_plain_line_now_and_then(
        self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(output_module, "_PLAIN_EVERY_SECONDS", -1.0)
        with Output().progress("装载") as advance:
            advance(10)
            advance(5)
        assert capfd.readouterr() == ("", "装载: 10\n装载: 15\n")

    @pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
    def test_a_terminal_gets_a_bar(self, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
        terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(output_module, "_BAR_AFTER_SECONDS", -1.0)
        with Output().progress("装载") as advance:
            advance(12345)
        terminal.flush()
        buffer = terminal.buffer
        assert isinstance(buffer, io.BytesIO)
        shown = buffer.getvalue().decode(encoding)
        assert "装载" in shown
        assert "12345" in shown


class TestErrors:
    """An error as a person and as a script sees it."""

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            pytest.param(UsageError("E101", lang="fr"), 2, id="usage"),
            pytest.param(QueryError("E603"), 2, id="query"),
            pytest.param(DataError("E315"), 3, id="data"),
            pytest.param(StoreError("E512"), 4, id="store"),
        ],
    )
    def test_the_exit_code_says_who_has_to_act(
        self, error: UsageError | QueryError | DataError | StoreError, code: int
    ) -> None:
        assert exit_code(error) == code

    def test_a_person_reads_what_where_why_and_what_to_do(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        error = StoreError("E514", where="/etc/key", mode="644")
        assert tell(error, Output(), "zh", json=False) == 4
        printed, talk = capfd.readouterr()
        assert printed == ""
        first, where, why, fix = talk.splitlines()
        assert first.startswith("E514 ")
        assert where == "  位置：/etc/key"
        assert why.startswith("  原因：")
        assert fix.startswith("  处理：")

    def test_a_script_reads_one_json_document_and_no_talk(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert tell(UsageError("E101", lang="fr"), Output(), "en", json=True) == 2
        printed, talk = capfd.readouterr()
        assert talk == ""
        told = json.loads(printed)["error"]
        assert set(told) == {"code", "what", "where", "why", "fix"}
        assert told["what"] == "Unknown language fr"
