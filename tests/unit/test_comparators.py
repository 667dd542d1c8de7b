"""What the comparators say of pairs of values."""

import pyarrow as pa
import pytest

from resolvers.comparators import dates, edits, ending, exact, overlap, prefix, similar
from resolvers.distinct import by_distinct_pairs
from resolvers.features import Feature
from resolvers.rarity import by_rarity, frequencies
from resolvers.rows import Rows
from resolvers.scorecard import Rarity
from resolvers.words import Wordbook, words


def test_equality() -> None:
    assert exact()(["a", "a"], ["a", "b"]).tolist() == [2, 1]


def test_likeness_rises_with_each_step_and_equality_is_a_level_of_its_own() -> None:
    judge = similar("jaro_winkler", [0.8, 0.95])
    others = ["zzz", "marth", "marthas", "martha"]
    assert judge(["martha"] * 4, others).tolist() == [1, 3, 3, 4]


def test_edits_fall_with_each_change() -> None:
    judge = edits("damerau", [0, 1, 2])
    others = ["abcd", "abdc", "abxy", "wxyz"]
    assert judge(["abcd"] * 4, others).tolist() == [4, 3, 2, 1]


def test_codes_agree_from_the_left() -> None:
    judge = prefix([2, 4])
    others = ["zz1", "ab9zz", "abcd9", "abcdf", "abcde"]
    assert judge(["abcde"] * 5, others).tolist() == [1, 2, 4, 4, 5]


@pytest.mark.parametrize(
    ("other", "level"),
    [
        pytest.param("1851-03-14", 5, id="equal"),
        pytest.param("1851-03-15", 4, id="one character"),
        pytest.param("1851-83-14", 4, id="mistyped month"),
        pytest.param("1851-14-03", 4, id="day and month exchanged"),
        pytest.param("1851-11-27", 3, id="same year"),
        pytest.param("1899-03-14", 3, id="same day of the year"),
        pytest.param("1855-07-02", 2, id="near"),
        pytest.param("1899-07-02", 1, id="far"),
        pytest.param("unknown", 1, id="no date"),
    ],
)
def test_days(other: str, level: int) -> None:
    assert dates(10)(["1851-03-14"], [other]).tolist() == [level]


def test_shared_words() -> None:
    judge = overlap([0.5])
    others = ["leeds", "city of york", "yorks", "york"]
    assert judge(["york"] * 4, others).tolist() == [1, 2, 3, 4]


def test_a_beginning_may_be_left_out() -> None:
    judge = ending()
    tails = ["明灯商贸", "名月商贸", "明月商贸"]
    others = ["水城明月", *tails, *("水城" + tail for tail in tails)]
    assert judge(["水城明月商贸"] * 7, others).tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_words_in_any_order_with_variants_and_initials() -> None:
    book = Wordbook({"art": frozenset({1}), "arthur": frozenset({1})}, frozenset({"sir"}))
    judge = words(book, {"": 8.0}, [2, 7, 13, 15])

    def level(one: str, other: str) -> int:
        return int(judge([one], [other])[0])

    assert level("arthur field", "field arthur") == 10
    assert level("arthur field", "art field") == 8
    assert level("arthur field", "sir arthur field") == 10
    assert level("arthur field", "arthur stone") == 5
    assert level("arthur field", "arthur") == 6
    assert level("arthur field", "mary stone") == 1
    assert level("a field", "arthur field") == 6


def test_a_missing_side_is_nothing_to_compare_and_coding_changes_nothing() -> None:
    left = pa.chunked_array([pa.array(["a", None, "b", "b"])])
    right = pa.chunked_array([pa.array(["a", "a", None]), pa.array(["a"])])
    plain = by_distinct_pairs(left, right, exact()).tolist()
    assert plain == [2, 0, 0, 1]
    coded = by_distinct_pairs(left.dictionary_encode(), right.dictionary_encode(), exact())
    assert coded.tolist() == plain


def test_agreement_on_a_rare_value_is_a_higher_level() -> None:
    column = pa.chunked_array([pa.array(["wang"] * 60 + ["ouyang"] * 4)])
    plain = Feature(
        "name",
        ("name",),
        lambda left, right: by_distinct_pairs(left.column("name"), right.column("name"), exact()),
        ("nothing_to_compare", "differs", "agrees"),
    )
    feature = by_rarity(plain, Rarity((2.0, 4.5), 2), frequencies(column))
    left = pa.table({"name": ["wang", "ouyang", "unheard", "wang", "ouyang"]})
    right = pa.table({"name": ["wang", "ouyang", "unheard", "ouyang", None]})
    assert feature.compare(Rows(left), Rows(right)).tolist() == [2, 3, 4, 1, 0]
    assert feature.levels == ("nothing_to_compare", "differs", "agrees", "agrees", "agrees")


def test_values_of_few_rows_are_not_written_down() -> None:
    known = frequencies(pa.chunked_array([pa.array(["a"] * 10 + ["b", "b"])]))
    assert set(known) == {"", "a"}
