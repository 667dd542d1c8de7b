"""The rulebook on the command line, and a listing tried on a store that stays as it was."""

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Shell

SHIPPED = Path(str(files("graph") / "sanctions"))


class TestRules:
    """List, show, lint, document, clocks: no store and no key are made."""

    def test_every_rule_is_listed_with_its_mark(self, shell: Shell) -> None:
        told = shell("rules", "list", "--json")
        assert told.code == 0
        rules = {each["id"]: each for each in told.json["rules"]}
        assert list(rules) == [f"R{number:02}" for number in range(1, 51)]
        assert rules["R40"]["enabled"] is False
        assert rules["R40"]["reason"]["zh"]
        assert rules["R47"]["kind"] == "negative"
        assert "R40" in shell("rules", "list").out
        assert not shell.store.exists()
        assert not (shell.folder / "key").exists()

    def test_a_rule_is_shown_with_the_articles_in_force_on_a_day(self, shell: Shell) -> None:
        told = shell("rules", "show", "R27", "--as-of", "2026-08-14", "--json")
        assert told.code == 0
        in_force = [each["law"] for each in told.json["bases"] if each["in_force"]]
        assert in_force == ["环境影响评价法"]
        content = told.json["content"]
        assert content["trigger"]["listings"] == ["environment_fraud"]
        assert content["durations"][0]["law_from"] == "2026-08-15"
        assert "环境影响评价法" in shell("rules", "show", "r27").out

    def test_an_unknown_rule_is_a_usage_error_that_names_those_there_are(
        self, shell: Shell
    ) -> None:
        told = shell("rules", "show", "R99", "--json")
        assert (told.code, told.json["error"]["code"]) == (2, "E721")
        assert "R50" in told.json["error"]["why"]

    @pytest.mark.parametrize("inside", [True, False], ids=["rule-folder", "whole-folder"])
    def test_lint_tells_every_faulty_file(self, shell: Shell, tmp_path: Path, inside: bool) -> None:
        folder = tmp_path / "own" / "rules"
        shutil.copytree(SHIPPED / "rules", folder)
        asked = folder if inside else folder.parent
        sound = shell("rules", "lint", asked, "--json")
        assert (sound.code, sound.json["errors"]) == (0, [])
        text = (folder / "R10.yaml").read_text(encoding="utf-8")
        (folder / "R10.yaml").write_text(text.replace("no_public_procurement", "exile"), "utf-8")
        (folder / "R12.yaml").write_text("id: R12\nid: R12\n", encoding="utf-8")
        told = shell("rules", "lint", asked, "--json")
        assert told.code == 3
        faults = {each["where"].split(":")[0]: each for each in told.json["errors"]}
        assert {name: each["code"] for name, each in faults.items()} == {
            "R10.yaml": "E708",
            "R12.yaml": "E701",
        }
        assert all(each["fix"] for each in faults.values())
        assert "E708" in shell("rules", "lint", asked).out

    def test_lint_without_a_folder_checks_what_is_shipped(self, shell: Shell) -> None:
        assert shell("rules", "lint").code == 0
        assert shell("rules", "lint", shell.folder).code == 3

    def test_the_document_goes_to_stdout_or_a_file(self, shell: Shell, tmp_path: Path) -> None:
        out = tmp_path / "RULES.md"
        assert shell("rules", "document", "--lang", "en", "--out", out).code == 0
        assert out.read_text(encoding="utf-8") == shell("rules", "document", "--lang", "en").out
        assert "## R27" in shell("rules", "document").out

    def test_clocks_say_where_the_calendar_is_silent(self, shell: Shell) -> None:
        told = shell("rules", "clocks", "--decided", "2026-12-28", "--json").json
        serious = next(each for each in told["classes"] if each["class"] == "serious")
        assert (serious["apply_from"], serious["ends"]) == ("2027-12-28", "2029-12-28")
        limits = {each["limit"]: each for each in told["deadlines"]}
        assert limits["repair_handled"]["uncovered_years"] == [2027]
        assert limits["defaulter_deleted"]["uncovered_years"] == []
        text = shell("rules", "clocks", "--decided", "2026-12-28").out
        assert "2027 年放假安排尚未收录" in text
        assert shell("rules", "clocks", "--decided", "soon").code == 2


class TestWhatIf:
    """A listing tried on the store: what would follow, and nothing is written."""

    def _firm(self, office: Shell) -> str:
        found = office("export", "clusters").out.splitlines()
        rows = [line.split(",") for line in found[1:]]
        head = found[0].split(",")
        source, role, subject = (head.index(each) for each in ("source", "role", "subject_id"))
        return next(
            row[subject] for row in rows if row[source] == "market_main" and row[role] == "subject"
        )

    def _try(self, office: Shell, file: Path, **values: Any) -> Any:
        file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        return office("simulate", "--add-listing", file, "--as-of", "2026-11-01")

    def test_what_would_follow_is_told_and_nothing_is_written(
        self, office: Shell, tmp_path: Path
    ) -> None:
        before = office("check", self._firm(office), "--json").out
        told = self._try(
            office,
            tmp_path / "listing.json",
            subject=self._firm(office),
            kind="tax_serious",
            decision_date="2026-10-01",
        )
        assert told.code == 1
        assert set(told.json) == {"as_of", "rulebook", "findings", "blocked"}
        own = {each["rule"] for each in told.json["findings"]}
        assert {"R10", "R38"} <= own
        assert {each["listing"] for each in told.json["findings"]} == {"added"}
        assert office("check", self._firm(office), "--json").out == before

    def test_a_subject_the_store_lacks_or_a_strange_key_is_refused(
        self, office: Shell, tmp_path: Path
    ) -> None:
        file = tmp_path / "listing.json"
        told = self._try(office, file, subject="s-nobody", kind="tax_serious")
        assert (told.code, told.json["error"]["code"]) == (3, "E757")
        told = self._try(office, file, subject=self._firm(office), kind="tax_serious", mood="bad")
        assert (told.code, told.json["error"]["code"]) == (3, "E752")
        file.write_text("[]", encoding="utf-8")
        assert office("simulate", "--add-listing", file).code == 3

    def test_a_case_and_a_listing_exclude_each_other(self, shell: Shell, tmp_path: Path) -> None:
        file = tmp_path / "x.json"
        file.write_text("{}", encoding="utf-8")
        assert shell("simulate").code == 2
        assert shell("simulate", file, "--add-listing", file).code == 2
        assert not shell.store.exists()
