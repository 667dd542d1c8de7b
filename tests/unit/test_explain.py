"""Findings and blocked rows as sentences, in both languages."""

from datetime import date
from typing import Any

import pytest

from graph.sanctions.explain import article_text, blocked_sentence, measure_text, sentence
from graph.sanctions.findings import Blocked, Cited, Finding, Step
from graph.sanctions.rulebook import load_rulebook
from graph.texts import Lang

LANGS: tuple[Lang, ...] = ("zh", "en")


def _finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "rule": "R02",
        "version": 1,
        "subject": "p",
        "kind": "restriction",
        "measure": "no_company_post",
        "scope": None,
        "since": date(2024, 3, 1),
        "until": date(2027, 3, 1),
        "listing": "l",
        "path": (Step("legal_representative", "p", "f", date(2015, 3, 1), None, "r1"),),
        "basis": (Cited("公司法", "178(四)", "2023修订"),),
        "missing": (),
        "suspected": False,
        "records": ("r0", "r1"),
    }
    return Finding(**(values | changes))


def test_a_restriction_is_told_with_rule_article_path_and_dates() -> None:
    told = sentence(_finding(), {"p": "安一", "f": "甲公司"}, "zh")
    for part in ("安一", "R02", "《公司法》（2023修订）第178条第(四)项", "甲公司的法定代表人"):
        assert part in told
    assert "2024-03-01" in told
    assert "2027-03-01" in told
    english = sentence(_finding(), {"p": "安一"}, "en")
    assert "安一 is legal representative of f (since 2015-03-01)" in english
    assert "art. 178(四)" in english


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["restriction", "conditional", "attention"])
@pytest.mark.parametrize("since", [None, date(2024, 1, 1)])
@pytest.mark.parametrize("until", [None, date(2025, 1, 1)])
def test_every_kind_of_finding_has_a_sentence(
    lang: Lang, kind: str, since: date | None, until: date | None
) -> None:
    step = Step("director", "p", "f", since, until, None)
    missing = ("violation_date", "identity")
    finding = _finding(
        kind=kind, since=since, until=until, path=(step,), missing=missing, suspected=True
    )
    told = sentence(finding, {}, lang)
    assert "{" not in told
    assert told != sentence(_finding(kind=kind, path=()), {}, lang)


@pytest.mark.parametrize(
    ("article", "told"),
    [
        ("178(四)", "第178条第(四)项"),
        ("18(1)", "第18条第1款"),
        ("48", "第48条"),
        ("74–76", "第74–76条"),
        ("18(1)(二)", "第18条第1款第(二)项"),
        ("二", "第二部分"),
    ],
)
def test_articles_are_cited_as_lawyers_do(article: str, told: str) -> None:
    assert article_text(Cited("某法", article, "2020")) == f"《某法》（2020）{told}"


def test_every_measure_missing_fact_tie_and_reason_of_the_rules_has_a_text() -> None:
    book = load_rulebook()
    for lang in LANGS:
        for code in book.measures:
            assert measure_text(code, lang) != code
        for rule in book.negatives:
            for why in (*(spare.why for spare in rule.spares), *rule.states):
                row = Blocked(("R10",), "p", rule.id, why, "l")
                assert rule.id in blocked_sentence(row, {"p": "安一"}, lang)
        for relation in book.relations_of_interest():
            step = Step(relation, "p", "f", None, None, None)
            assert sentence(_finding(path=(step,)), {}, lang)
    assert measure_text("unheard_of") == "unheard_of"


def test_a_finding_is_linked_by_its_path_and_known_by_its_content() -> None:
    assert _finding().role == "linked"
    assert _finding(path=()).role == "own"
    assert _finding().id == _finding().id != _finding(until=None).id


@pytest.mark.parametrize(
    ("scope", "told"), [("food", "食品生产经营"), ("P1/2", "P1/2"), ("other trade", "other trade")]
)
def test_a_scope_is_told(scope: str, told: str) -> None:
    assert f"（范围：{told}" in sentence(_finding(scope=scope), {})
    assert "范围" not in sentence(_finding(), {})
