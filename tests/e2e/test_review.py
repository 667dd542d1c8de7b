"""The review desk through the command line: from a doubt to a decision, its effect and back."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loaders.synthetic.codes import id_number, registration_number, uscc
from tests.e2e.conftest import Answer, Shell

FIRMS = {
    letter: (f"贵州{word}工程有限公司", uscc("91", f"XX0009{place:02d}"))
    for place, (letter, word) in enumerate(zip("ABCD", "甲乙丙丁", strict=True))
}
FORMER = "寅卯劳务有限公司"  # no row tells that it was the name of C
R1, R2, R3 = (registration_number(900 + place, individual=False) for place in range(3))
PERSON = id_number(900, female=False)
COURT = ("iname", "partyTypeName", "cardNum", "caseCode", "gistId", "gistUnit", "publishDate")
# Two firms under one registration number; a third with a code of its own.
REGISTER = (
    ("pripid", "entname", "uniscid", "regno", "enttype", "name", "estdate", "dom"),
    ("pA", *FIRMS["A"], R1, "有限责任公司", "安一", "2015-01-01", "1号"),
    ("pB", *FIRMS["B"], R1, "有限责任公司", "柏二", "2015-01-01", "2号"),
    ("pC", *FIRMS["C"], "", "有限责任公司", "常三", "2015-01-01", "3号"),
)


def write(folder: Path, name: str, *rows: Sequence[str]) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return folder / name


def defaulter(firm: str, number: int, code: str = "") -> tuple[str, ...]:
    case = f"（2026）黔0201执{number}号"
    return (firm, "1", code, case, f"（2025）黔0201民初{number}号", "某某人民法院", "2026-03-01")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A store with one doubt, and a defaulter known by name only; for copying."""
    shell = Shell(tmp_path_factory.mktemp("prepared"))
    files = shell.folder / "files"
    write(files, "市场主体登记.csv", *REGISTER)
    write(files, "失信被执行人.csv", COURT, defaulter(FORMER, 1))
    assert shell("load", files).code == 0
    assert shell("resolve").code == 1
    assert shell("propagate").code == 0
    return shell


@pytest.fixture
def desk(prepared: Shell, tmp_path: Path) -> Shell:
    """A copy of the prepared store."""
    for name in ("store.db", "key"):
        shutil.copy(prepared.folder / name, tmp_path / name)
    return Shell(tmp_path)


def task_of(desk: Shell) -> dict[str, Any]:
    (task,) = desk("review", "list", "--json").json["tasks"]
    found: dict[str, Any] = task
    return found


def by_name(desk: Shell) -> dict[str, str]:
    """Return the subjects that firm C's name, whole or in part, is told of, by identity."""
    told = [desk("check", name, "--json").json["subject"] for name in (FIRMS["C"][0], FORMER)]
    return {each["identity"]: each["id"] for each in told}


def decide(desk: Shell, *words: str, by: str = "王五") -> Answer:
    return desk("review", "decide", *words, "--by", by, "--why", "查登记档案", "--json")


def restrictions(desk: Shell, subject: str) -> set[str]:
    told = desk("check", subject, "--json").json
    return {each["rule"] for each in told["own"] if each["kind"] == "restriction"}


class TestTask:
    """What waits is one task for all that hangs together, and says why."""

    def test_a_doubt_is_one_task_with_reasons_and_masked_evidence(self, desk: Shell) -> None:
        task = task_of(desk)
        assert (task["state"], len(task["subjects"])) == ("open", 2)
        assert {each["reason"] for each in task["questions"]} == {"two_valid_ids"}
        shown = desk("review", "show", task["task"], "--json").json
        assert {each["subject"]["name"] for each in shown["parties"]} == {
            FIRMS["A"][0],
            FIRMS["B"][0],
        }
        assert shown["score"] is None
        assert shown["would"]["same"]["refused"]["code"] == "E611"
        assert desk("review", "show", task["task"], "--lang", "en").code == 0
        assert desk("explain", task["task"], "--json").json["what"] == "task"

    def test_the_worst_comes_first_and_nothing_is_asked_twice(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        more = (
            REGISTER[0],
            ("pD", *FIRMS["D"], R3, "有限责任公司", "杜四", "2015-01-01", "4号"),
            ("pE", "贵州戊工程有限公司", uscc("91", "XX000977"), R3, "有限责任公司",
             "俄五", "2015-01-01", "5号"),
        )  # fmt: skip
        write(tmp_path / "more", "市场主体登记.csv", *more)
        court = (COURT, defaulter(*FIRMS["D"][:1], 2, FIRMS["D"][1]))
        write(tmp_path / "more", "失信被执行人.csv", *court)
        assert desk("load", tmp_path / "more").code == 0
        desk("resolve")
        first, second = desk("review", "list", "--json").json["tasks"]
        assert FIRMS["D"][0] in {each["name"] for each in first["subjects"]}
        assert first["restrictions"] > second["restrictions"] == 0
        (only,) = desk("review", "list", "--limit", "1", "--json").json["tasks"]
        assert only["task"] == first["task"]


class TestDecision:
    """A verdict takes effect at once, or waits for a second person where it restricts."""

    def test_different_answers_the_question_until_something_new_is_asked(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        task = task_of(desk)
        told = decide(desk, task["task"], "different").json
        assert (told["state"], told["effect"]["two_people"]) == ("in_force", False)
        assert desk("review", "list", "--json").json["tasks"] == []
        assert desk("resolve").code == 0
        assert decide(desk, task["task"], "same").json["error"]["code"] == "E616"
        new = ("pB", *FIRMS["B"], R2, "有限责任公司", "柏二", "2020-01-01", "2号")
        also = ("pA", *FIRMS["A"], R2, "有限责任公司", "安一", "2020-01-01", "1号")
        write(tmp_path / "new", "市场主体登记.csv", REGISTER[0], new, also)
        desk("load", tmp_path / "new")
        assert desk("resolve").code == 1
        again = task_of(desk)
        (why,) = again["reopened"]
        assert why["judgement"] == told["judgement"]
        assert why["because"] == ["two_valid_ids"]
        assert again["task"] != task["task"]

    def test_same_against_two_valid_codes_is_refused_when_made(self, desk: Shell) -> None:
        told = decide(desk, task_of(desk)["task"], "same")
        assert (told.code, told.json["error"]["code"]) == (2, "E611")
        assert set(told.json["error"]) == {"code", "what", "where", "why", "fix"}
        assert desk("review", "agreement", "--json").json == {"agreements": []}

    def test_same_that_would_part_what_is_joined_is_refused(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        """Neither row shows a full code; the firms they belong to do."""
        heads = ("pripid", "personid", "name", "lerepsign", "position_cn", "certype", "cerno")
        rows = [(p, "1", "安一", "0", "监事", "身份证", PERSON) for p in ("pA", "pB")]
        desk("load", write(tmp_path / "more", "主要人员.csv", heads, *rows))
        desk("resolve")
        bare = [
            next(each["mention"] for each in told["mentions"] if not each["name"])
            for letter in "AB"
            for told in [desk("explain", by_code(desk, letter), "--json").json]
        ]
        assert decide(desk, *bare, "same").json["error"]["code"] == "E611"
        assert all(by_code(desk, letter) for letter in "AB")

    def test_a_restriction_takes_two_people(self, desk: Shell) -> None:
        firm = by_name(desk)
        pair = (firm["strong"], firm["weak"])
        assert restrictions(desk, pair[0]) == set()
        dry = desk("review", "decide", *pair, "same", "--by", "王五", "--why", "x", "--dry-run",
                   "--json").json  # fmt: skip
        assert (dry["written"], dry["effect"]["two_people"]) == (False, True)
        gained = {(e["rule"], e["subject"]) for e in dry["effect"]["gained"]}
        assert ("R10", pair[0]) in gained
        proposed = decide(desk, *pair, "same").json
        assert proposed["state"] == "proposed"
        assert restrictions(desk, pair[0]) == set()
        (waiting,) = desk("review", "list", "--json").json["proposals"]
        assert (waiting["judgement"], waiting["by"]) == (proposed["judgement"], "王五")
        assert "verdict" not in waiting
        assert decide(desk, *pair, "same", by=" 王五 ").json["error"]["code"] == "E614"
        assert restrictions(desk, pair[0]) == set()
        done = decide(desk, *pair, "same", by="李四").json
        assert (done["state"], done["confirmed"]) == ("in_force", True)
        assert restrictions(desk, pair[0]) >= {"R10"}
        assert desk("review", "list", "--json").json["proposals"] == []
        told = desk("explain", pair[0], "--json").json
        assert [each["judgement"] for each in told["judged"]] == [proposed["judgement"]]
        said = desk("explain", proposed["judgement"], "--json").json
        assert (said["state"], said["by"], len(said["since"])) == ("in_force", "王五", 1)
        assert desk("explain", proposed["judgement"]).code == 0

    def test_a_proposal_outlives_rows_that_say_nothing_new(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        pair = tuple(by_name(desk).values())
        proposed = decide(desk, *pair, "same").json["judgement"]
        again = ("pC", *FIRMS["C"], "", "有限责任公司", "常三", "2015-01-01", "33号")
        desk("load", write(tmp_path / "new", "市场主体登记.csv", REGISTER[0], again))
        done = decide(desk, *by_name(desk).values(), "same", by="李四").json
        assert (done["judgement"], done["confirmed"]) == (proposed, True)

    def test_a_proposal_is_not_confirmed_on_other_evidence(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        pair = tuple(by_name(desk).values())
        proposed = decide(desk, *pair, "same").json["judgement"]
        renamed = ("pC", "贵州丙建设有限公司", *REGISTER[3][2:])
        desk("load", write(tmp_path / "new", "市场主体登记.csv", REGISTER[0], renamed))
        done = decide(desk, *pair, "same", by="李四").json
        assert (done["state"], done["confirmed"]) == ("proposed", False)
        assert done["judgement"] != proposed

    def test_what_was_promised_is_what_happens(self, desk: Shell) -> None:
        pair = tuple(by_name(desk).values())
        promised = decide(desk, *pair, "same").json["effect"]
        cursor = desk("changes", "--json").json["next"]
        decide(desk, *pair, "same", by="李四")
        seen = desk("changes", "--after", cursor, "--json").json["changes"]
        # What only moves to another id is retracted and appears, yet nobody gains or loses it.
        news = {(each["rule"], each["kind"]) for each in seen if each["what"] == "appeared"}
        assert news <= {(each["rule"], each["kind"]) for each in promised["gained"]}
        assert {each["into"] for each in promised["merge"]} == {by_code(desk, "C")}

    def test_contrary_words_are_refused_with_the_judgement_they_contradict(
        self, desk: Shell
    ) -> None:
        pair = tuple(by_name(desk).values())
        apart = decide(desk, *pair, "different").json["judgement"]
        told = decide(desk, *pair, "same", by="李四").json["error"]
        assert (told["code"], told["where"]) == ("E612", apart)

    def test_unsure_leaves_the_task_and_says_so(self, desk: Shell) -> None:
        task = task_of(desk)["task"]
        assert decide(desk, task, "unsure").json["state"] == "in_force"
        assert task_of(desk)["state"] == "unsure"
        shown = desk("review", "show", task, "--json")
        assert (shown.json["own"], shown.json["score"]) == ([], None)
        mine = desk("review", "show", task, "--by", "王五", "--json").json
        assert [each["verdict"] for each in mine["own"]] == ["unsure"]
        assert mine["score"]["decision"] in ("merge", "review", "separate")

    def test_a_merged_subject_is_taken_apart_and_put_together_again(
        self, desk: Shell, tmp_path: Path
    ) -> None:
        desk(
            "load",
            write(tmp_path, "失信被执行人.csv", COURT, defaulter(FIRMS["C"][0], 7, FIRMS["C"][1])),
        )
        desk("resolve")
        told = desk("explain", by_code(desk, "C"), "--json").json
        one, other = (each["mention"] for each in told["mentions"][:2])
        parted = decide(desk, one, other, "different").json
        assert (parted["state"], len(parted["effect"]["part"])) == ("proposed", 1)
        assert {each["rule"] for each in parted["effect"]["lost"]} >= {"R10"}
        assert decide(desk, one, other, "different", by="李四").json["confirmed"]
        assert by_code(desk, "C") is None
        for person in ("王五", "李四"):
            desk("review", "undo", parted["judgement"], "--by", person, "--why", "误判")
        assert by_code(desk, "C") == told["subject"]["id"]

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("TASK", "maybe", "--by", "王五", "--why", "x"), "E619"),
            (("TASK", "different", "--why", "x"), "E613"),
            (("TASK", "different", "--by", "王五"), "E615"),
            (("t-000", "different", "--by", "王五", "--why", "x"), "E616"),
            (("s-000", "s-001", "same", "--by", "王五", "--why", "x"), "E610"),
            (("SUBJECT", "ITS-ROW", "same", "--by", "王五", "--why", "x"), "E620"),
            (("nonsense", "different", "--by", "王五", "--why", "x"), "E620"),
        ],
    )
    def test_what_cannot_be_judged_is_told(
        self, desk: Shell, words: tuple[str, ...], code: str
    ) -> None:
        task = task_of(desk)["task"]
        told = desk("explain", by_code(desk, "C"), "--json").json
        ids = {"TASK": task, "SUBJECT": told["subject"]["id"],
               "ITS-ROW": told["mentions"][0]["mention"]}  # fmt: skip
        told = desk("review", "decide", *(ids.get(word, word) for word in words), "--json")
        assert (told.code, told.json["error"]["code"]) == (2, code)
        assert task_of(desk)["state"] == "open"


def by_code(desk: Shell, letter: str) -> str | None:
    """Return the one subject of a firm's code, None if there are several."""
    found = desk("check", FIRMS[letter][1], "--json").json["subject"]
    return None if found is None else str(found["id"])


class TestUndo:
    """One judgement or a class of them, by another row of the ledger."""

    def test_taking_a_restriction_back_takes_two_people_again(self, desk: Shell) -> None:
        pair = tuple(by_name(desk).values())
        before = desk("export", "clusters").out
        uid = decide(desk, *pair, "same").json["judgement"]
        decide(desk, *pair, "same", by="李四")
        undo = ("review", "undo", uid, "--why", "档案不是这一家", "--json")
        first = desk(*undo, "--by", "李四").json
        assert (first["state"], first["effect"]["two_people"]) == ("proposed", True)
        assert desk(*undo, "--by", "李四").json["error"]["code"] == "E614"
        assert desk("export", "clusters").out != before
        assert desk(*undo, "--by", "王五").json["state"] == "undone"
        assert desk("export", "clusters").out == before
        assert desk(*undo, "--by", "王五").json["error"]["code"] == "E618"

    def test_a_proposal_is_rejected_by_anybody(self, desk: Shell) -> None:
        pair = tuple(by_name(desk).values())
        uid = decide(desk, *pair, "same").json["judgement"]
        told = desk("review", "undo", uid, "--by", "李四", "--why", "证据不足", "--json").json
        assert told["state"] == "undone"
        assert desk("review", "list", "--json").json["proposals"] == []
        assert decide(desk, *pair, "same", by="赵六").json["state"] == "proposed"

    @pytest.mark.parametrize(
        "marks",
        [
            ("--person", "王五"),
            ("--reason", "two_valid_ids"),
            ("--verdict", "different", "--person", "王五"),
        ],
    )
    def test_a_class_is_undone_at_once(self, desk: Shell, marks: tuple[str, ...]) -> None:
        task = task_of(desk)["task"]
        mine = decide(desk, task, "different").json["judgement"]
        pair = tuple(by_name(desk).values())
        theirs = decide(desk, *pair, "different", by="李四").json["judgement"]
        why = ("--by", "赵六", "--why", "复查", "--json")
        told = desk("review", "undo", *marks, *why).json
        assert told["judgements"] == [mine]
        assert task_of(desk)["task"] == task
        state = desk("explain", theirs, "--json").json["state"]
        assert state == "in_force"
        nobody = desk("review", "undo", "--person", "无人", *why)
        assert nobody.json["error"]["code"] == "E618"
        assert desk("review", "undo", *why).json["error"]["code"] == "E618"
        assert desk("review", "undo", "--day", "yesterday", *why).json["error"]["code"] == "E604"


def test_reviewers_agree_beyond_chance_or_not(desk: Shell) -> None:
    """What somebody said and took back counts as said."""
    pair = tuple(by_name(desk).values())
    uid = decide(desk, *pair, "different").json["judgement"]
    desk("review", "undo", uid, "--by", "李四", "--why", "误判")
    decide(desk, *pair, "unsure", by="李四")
    task = task_of(desk)["task"]
    decide(desk, task, "unsure")
    decide(desk, task, "unsure", by="李四")
    (told,) = desk("review", "agreement", "--json").json["agreements"]
    assert (told["one"], told["other"], told["items"], told["agreed"]) == ("李四", "王五", 2, 1)
    assert told["kappa"] == 0
    assert {"one": "unsure", "other": "different", "count": 1} in told["counts"]
    assert desk("review", "agreement").code == 0


class TestWorkbook:
    """Out with drop-downs, back row by row; nobody is judged by an edited row."""

    @pytest.fixture
    def book(self, desk: Shell, tmp_path: Path) -> Path:
        out = tmp_path / "tasks.xlsx"
        assert desk("review", "export", "--out", out, "--json").json["tasks"] == 1
        return out

    def filled(self, book: Path, **cells: str) -> Path:
        """Return the workbook with cells of its first row filled, by column letter."""
        opened = openpyxl.load_workbook(book)
        sheet = opened.active
        for column, text in cells.items():
            sheet[f"{column}2"] = text
        opened.save(book)
        return book

    def taken(self, desk: Shell, book: Path, by: str = "王五") -> dict[str, Any]:
        answer: dict[str, Any] = desk("review", "import", book, "--by", by, "--json").json
        return answer

    def test_a_verdict_comes_back_once(self, desk: Shell, book: Path) -> None:
        sheet = openpyxl.load_workbook(book).active
        (choice,) = sheet.data_validations.dataValidation
        assert choice.formula1 == '"同一,不同,不确定"'
        assert sheet.column_dimensions["F"].hidden
        filled = self.filled(book, D="不同", E="查登记档案")
        told = self.taken(desk, filled)
        assert (told["in_force"], told["refused"]) == (1, 0)
        assert desk("review", "list", "--json").json["tasks"] == []
        again = self.taken(desk, filled)
        assert (again["in_force"], again["known"], again["refused"]) == (0, 1, 0)
        other = self.taken(desk, filled, by="李四")
        assert other["rows"][0]["error"]["code"] == "E616"

    def test_an_unsure_row_handed_in_twice_is_known(self, desk: Shell, book: Path) -> None:
        filled = self.filled(book, D="unsure", E="看不出")
        assert self.taken(desk, filled)["in_force"] == 1
        assert self.taken(desk, filled)["known"] == 1

    def test_a_blank_row_is_left_alone(self, desk: Shell, book: Path) -> None:
        assert self.taken(desk, book)["blank"] == 1
        assert task_of(desk)["state"] == "open"

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"F": "t-0123"}, "E626"),
            ({"B": "别的公司"}, "E626"),
            ({"G": ""}, "E626"),
            ({"D": "也许"}, "E619"),
            ({"E": ""}, "E615"),
            ({"D": "同一"}, "E611"),
        ],
    )
    def test_a_row_that_cannot_be_taken_says_why(
        self, desk: Shell, book: Path, cells: dict[str, str], code: str
    ) -> None:
        told = self.taken(desk, self.filled(book, **({"D": "不同", "E": "理由"} | cells)))
        assert (told["refused"], told["rows"][0]["error"]["code"]) == (1, code)
        assert task_of(desk)["state"] == "open"

    def test_a_stale_row_is_refused(self, desk: Shell, book: Path, tmp_path: Path) -> None:
        more = ("pE", "贵州戊工程有限公司", uscc("91", "XX000977"), R1,
                "有限责任公司", "俄五", "2015-01-01", "5号")  # fmt: skip
        write(tmp_path / "more", "市场主体登记.csv", REGISTER[0], more)
        desk("load", tmp_path / "more")
        desk("resolve")
        told = self.taken(desk, self.filled(book, D="不同", E="理由"))
        assert told["rows"][0]["error"]["code"] == "E616"

    def test_nothing_in_it_runs(self, shell: Shell, tmp_path: Path) -> None:
        evil = ("pA", '=HYPERLINK("http://x","甲")有限公司', FIRMS["A"][1], *REGISTER[1][3:])
        files = tmp_path / "files"
        write(files, "市场主体登记.csv", REGISTER[0], evil, REGISTER[2])
        shell("load", files)
        shell("resolve")
        out = tmp_path / "tasks.xlsx"
        shell("review", "export", "--out", out)
        cells = [cell for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row]
        assert any("HYPERLINK" in str(cell.value) for cell in cells)
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert all(cell.value is None for cell in cells if cell.data_type == "n")

    def test_another_file_is_no_workbook_of_tasks(self, desk: Shell, tmp_path: Path) -> None:
        other = write(tmp_path / "x", "a.csv", ("a", "b"), ("1", "2"))
        told = desk("review", "import", other, "--by", "王五", "--json")
        assert (told.code, told.json["error"]["code"]) == (3, "E625")
        told = desk("review", "export", "--out", tmp_path / "a.csv", "--json")
        assert (told.code, told.json["error"]["code"]) == (2, "E125")


def test_no_answer_of_the_desk_shows_a_persons_number(shell: Shell, tmp_path: Path) -> None:
    """Nor does a reason somebody typed one into."""
    files = tmp_path / "files"
    heads = ("pripid", "personid", "name", "lerepsign", "position_cn", "certype", "cerno", "tel")
    write(files, "市场主体登记.csv", *REGISTER)
    write(files, "主要人员.csv", heads, ("pA", "1", "安一", "1", "执行董事", "身份证", PERSON, ""))
    shell("load", files)
    shell("resolve")
    task = task_of(shell)["task"]
    why = f"身份证 {PERSON} 不符"
    done = shell("review", "decide", task, "unsure", "--by", "王五", "--why", why, "--json")
    book = tmp_path / "tasks.xlsx"
    shell("review", "export", "--out", book)
    shown = [
        done.out,
        shell("explain", done.json["judgement"]).out,
        shell("explain", done.json["judgement"], "--json").out,
        shell("review", "show", task, "--json", "--by", "王五").out,
        shell("review", "list").out,
        *(str(c.value) for r in openpyxl.load_workbook(book).active.iter_rows() for c in r),
    ]
    assert PERSON not in "\n".join(shown)
    assert PERSON.encode() not in shell.store.read_bytes()
