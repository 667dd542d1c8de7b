"""docs/RULES.md is what the files give; every rule, article and reading stands in it."""

from datetime import date
from pathlib import Path

import pytest

from graph.sanctions.explain import article_text
from graph.sanctions.findings import Cited
from graph.sanctions.handbook import handbook, rule_body, rule_text
from graph.sanctions.rulebook import load_rulebook
from graph.texts import Lang

BOOK = load_rulebook()
LANGS: tuple[Lang, ...] = ("zh", "en")
DOCUMENT = Path(__file__).parents[2] / "docs" / "RULES.md"


def test_the_document_is_what_the_files_give() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == handbook(BOOK, "en"), "run `make rules`"


@pytest.mark.parametrize("lang", LANGS)
def test_every_rule_is_told_with_its_articles_readings_and_measure(lang: Lang) -> None:
    text = handbook(BOOK, lang)
    for rule in BOOK.rules:
        section = rule_text(rule, BOOK, lang)
        assert section in text
        assert section.startswith(f"## {rule.id} {rule.title[lang]}\n")
        for basis in rule.bases:
            assert f"| {basis.law} | " in section
            assert f"| {basis.version} | {basis.since} |" in section
        for told in (rule.note, rule.reason):
            assert not told or told[lang] in section
        if rule.effect is not None:
            assert f"`{rule.effect.measure}`" in section
    for code in (*BOOK.measures, *BOOK.sharing):
        assert f"`{code}`" in text


def test_a_change_of_law_is_two_versions_with_the_day_it_changed() -> None:
    rule = BOOK.rule("R27")
    assert rule is not None
    for day, law in ((date(2026, 8, 14), "环境影响评价法"), (date(2026, 8, 15), "生态环境法典")):
        in_force = [each["law"] for each in rule_body(rule, day)["bases"] if each["in_force"]]
        assert in_force == [law]
    old = next(basis for basis in rule.bases if basis.law == "环境影响评价法")
    assert (old.article, old.until) == ("32", date(2026, 8, 15))


def test_a_number_still_to_be_checked_is_cited_as_such() -> None:
    cited = Cited("企业信息公示暂行条例", "（条号待核）", "2024修订")
    assert article_text(cited) == "《企业信息公示暂行条例》（2024修订）（条号待核）"
    assert article_text(Cited("某法", "53、54、60", "1")) == "《某法》（1）第53、54、60条"
