"""What reaches stdout and stderr: pipes, GBK consoles, full disks, unfriendly cells."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import output as output_module
from api.errors import exit_code, tell
from api.output import Output
from graph.errors import DataError, QueryError, StoreError, UsageError

ROOT = Path(__file__).parents[2]


def run(code: str, encoding: str = "utf-8", out: int = subprocess.PIPE) -> tuple[int, bytes, bytes]:
    """Run statements on an `out` in a process of its own; return code, stdout, stderr."""
    ended = subprocess.run(
        [sys.executable, "-c", f"from api.output import Output\nout = Output()\n{code}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
    )
    return ended.returncode, ended.stdout or b"", ended.stderr


def closed_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.fixture
def full() -> Iterator[int]:
    """A device that is always full."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    handle = os.open("/dev/full", os.O_WRONLY)
    yield handle
    os.close(handle)


def test_data_goes_to_stdout_and_talk_to_stderr(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out = Output()
    out.line("数据")
    out.say("说明")
    assert capfdbinary.readouterr() == ("数据\n".encode(), "说明\n".encode())


def test_json_is_one_utf8_document_whatever_the_console() -> None:
    code, printed, talk = run("out.document({'name': '㛃䶮𠅤', 'n': None})", encoding="gbk")
    assert (code, talk) == (0, b"")
    assert json.loads(printed.decode("utf-8")) == {"name": "㛃䶮𠅤", "n": None}
    assert printed.endswith(b"}\n")


def test_a_name_that_is_no_utf8_on_disk_does_not_break_the_document() -> None:
    code, printed, _ = run(r"out.document({'file': '\udcb4\udca6.csv', 'row': 1})")
    assert code == 0
    assert json.loads(printed) == {"file": "??.csv", "row": 1}


def test_a_gbk_console_shows_a_question_mark_for_a_character_it_lacks() -> None:
    statements = "out.line('王㛃𠅤'); out.table(['姓名'], [['王𠅤']]); out.say('龘𠅤')"
    code, printed, talk = run(statements, encoding="gbk")
    assert code == 0
    assert printed.decode("gbk").splitlines()[0] == "王??"
    assert "王?" in printed.decode("gbk").splitlines()[-1]
    assert talk.decode("gbk").strip() == "龘?"


def test_a_piped_table_keeps_long_cells_on_one_line_and_aligns_numbers() -> None:
    name = "钟山区" * 30
    _, printed, _ = run(f"out.table(['n', '名称'], [[1, '{name}'], [100, None]])")
    lines = printed.decode().splitlines()
    assert name in lines[2]
    assert [line.split("|")[0] for line in lines[2:]] == ["  1 ", "100 "]
    assert set(lines[1]) <= set("-+")


def test_cells_are_text_and_neither_markup_nor_commands_to_the_terminal() -> None:
    cell = r"[bold]甲[/bold] :smile: \x1b[2J\x9b\r乙"
    _, printed, _ = run(f"out.table(['名称'], [['{cell}']]); out.line('{cell}')")
    for line in printed.decode().splitlines()[2:]:
        assert line.rstrip() == "[bold]甲[/bold] :smile: ?[2J??乙"


def test_csv_is_utf8_without_bom_with_plain_line_ends() -> None:
    _, printed, _ = run("out.csv(['a', 'b'], [['甲,乙', 1], ['㛃', None]], None)", encoding="gbk")
    assert printed == 'a,b\n"甲,乙",1\n㛃,\n'.encode()


def test_csv_and_json_lines_go_to_a_named_file(tmp_path: Path) -> None:
    Output().csv(["a"], [["甲"], ["two\nlines"]], tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["a"], ["甲"], ["two\nlines"]]
    Output().jsonl([{"a": "甲"}, {"a": 2}], tmp_path / "x.jsonl")
    assert (tmp_path / "x.jsonl").read_bytes() == '{"a":"甲"}\n{"a":2}\n'.encode()


def test_a_file_that_cannot_be_written_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Output().csv(["a"], [], tmp_path / "none" / "x.csv")
    assert caught.value.code == "E123"
    assert caught.value.facts["reason"] == os.strerror(2)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("out.line('x')", id="line"),
        pytest.param("out.document({'x': 1})", id="document"),
        pytest.param("out.table(['x'], [['y']])", id="table"),
        pytest.param("out.csv(['x'], ([n] for n in range(10**5)), None)", id="csv"),
        pytest.param("out.jsonl(({'x': n} for n in range(10**5)), None)", id="jsonl"),
    ],
)
class TestStream:
    """A stream that takes no more."""

    def test_when_the_reader_has_gone_the_command_ends_as_it_would_have(
        self, statement: str
    ) -> None:
        pipe = closed_pipe()
        code, _, talk = run(f"{statement}\nout.line('more')\nout.say('done')", out=pipe)
        os.close(pipe)
        assert (code, talk) == (0, b"done\n")

    def test_a_full_disk_is_an_error_with_a_code(self, statement: str, full: int) -> None:
        guarded = (
            "from graph.errors import UsageError\n"
            f"try:\n    {statement}\nexcept UsageError as error:\n    out.say(error.code)"
        )
        assert run(guarded, out=full) == (0, b"", b"E123\n")


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
