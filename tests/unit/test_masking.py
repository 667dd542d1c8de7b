"""What anyone may see of a record: names and organisations, no person's number in full."""

import pytest

from api.masking import hidden_cells, hidden_text
from loaders.manifest_reader import read_manifests

CARD = "520201186511089850"
HIDDEN = "520201********9850"
PENALTY = next(manifest for manifest in read_manifests() if manifest.source == "penalty_v2")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(CARD, HIDDEN, id="alone"),
        pytest.param(f"罗国强（身份证{CARD}）", f"罗国强（身份证{HIDDEN}）", id="in a sentence"),
        pytest.param("520201 18651108 9850", HIDDEN, id="in groups"),
        pytest.param("５２０２０１１８６５１１０８９８５０", HIDDEN, id="full width"),
        pytest.param("52020118651108985O", HIDDEN, id="letter for a digit"),
        pytest.param("520201651108985", "520201********985X", id="15 digits"),
        pytest.param("520201186511089851", "520201********9851", id="wrong check digit"),
        pytest.param("91520201XX0001062Y", "91520201XX0001062Y", id="organisation"),
        pytest.param("2026-03-20 18:00 8600000元", "2026-03-20 18:00 8600000元", id="numbers"),
        pytest.param("", "", id="empty"),
    ],
)
def test_identity_numbers_in_a_text_are_masked(text: str, shown: str) -> None:
    assert hidden_text(text) == shown


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        pytest.param("CF_FR_ZJHM", CARD, HIDDEN, id="identity number"),
        pytest.param("CF_FR_ZJHM", f"'{CARD}", "'52020*********9850", id="quoted"),
        pytest.param("CF_FR_ZJHM", f"{CARD}、{CARD}", f"{HIDDEN}、{HIDDEN}", id="several"),
        pytest.param("CF_FR_ZJHM", "E12345678", "E1*****78", id="passport"),
        pytest.param("CF_FR_ZJHM", "12345", "12*45", id="unreadable"),
        pytest.param("CF_FR_ZJHM", "123", "***", id="short"),
        pytest.param("CF_FR_ZJHM", "无", "无", id="no number"),
        pytest.param("CF_FR_ZJHM", HIDDEN, HIDDEN, id="masked already"),
        pytest.param("CF_XDR_ZJHM", "91520201XX0001062Y", "91520201XX0001062Y", id="firm's"),
        pytest.param("CF_XDR_SHXYM", CARD, HIDDEN, id="in the column of firms"),
        pytest.param("CF_XDR_GSZC", "520299399999923", "520299399999923", id="registration"),
        pytest.param("BZ", f"见{CARD}", f"见{HIDDEN}", id="in a remark"),
    ],
)
def test_a_column_that_may_hold_a_persons_number_is_masked_however_damaged(
    column: str, cell: str, shown: str
) -> None:
    assert hidden_cells({column: cell}, PENALTY) == {column: shown}


def test_without_a_manifest_numbers_are_still_found() -> None:
    assert hidden_cells({"x": CARD, "y": "甲"}, None) == {"x": HIDDEN, "y": "甲"}
