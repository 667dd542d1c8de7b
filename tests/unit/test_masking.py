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
    ("text", "shown"),
    [
        pytest.param("持E48123761入住", "持E4*****61入住", id="passport"),
        pytest.param("护照ea4812376。", "护照ea*****76。", id="newer passport"),
        pytest.param("Ｇ４８１２３７６１", "G4*****61", id="full width"),
        pytest.param("护照号码：K8812345", "护照号码：K8****45", id="foreign passport, called so"),
        pytest.param("Passport No. AB123456", "Passport No. AB****56", id="in English"),
        pytest.param("（H10293847）", "（H1*****47）", id="permit"),
        pytest.param("M1029384701", "M1*******01", id="permit with its issue"),
        pytest.param("台胞证01234567", "台胞证01****67", id="permit of Taiwan"),
        pytest.param("810000199001010019", "81**************19", id="residence permit"),
        pytest.param("FRA110085123456", "FRA110*****3456", id="permanent residence, old"),
        pytest.param("证件号码：12345678", "证件号码：12****78", id="some certificate"),
        pytest.param("电话13908581234", "电话139****1234", id="mobile"),
        pytest.param("+86 139 0858 1234", "+86 139 **** 1234", id="from abroad, in groups"),
        pytest.param("13908581234 0858", "139****1234 0858", id="mobile before digits"),
        pytest.param("13908581234、15908581234", "139****1234、159****1234", id="two mobiles"),
        pytest.param("zhang_13908581234.xlsx", "zhang_139****1234.xlsx", id="in a file's name"),
        pytest.param("0858-8612345", "0858-*****45", id="landline"),
        pytest.param("（0858）8612345转801", "(0858)*****45转801", id="landline in brackets"),
        pytest.param("01082345678", "010******78", id="landline of eight digits"),
        pytest.param("+86 858 8612345", "+86 858 *****45", id="landline from abroad"),
        pytest.param("座机：8612345", "座机：*****45", id="local number"),
        pytest.param("罚款8612345元", "罚款8612345元", id="as an amount"),
        pytest.param("13908581234元", "13908581234元", id="a large amount"),
        pytest.param("13908581234.50", "13908581234.50", id="with a decimal"),
        pytest.param("组织机构代码：E48123761", "组织机构代码：E48123761", id="organisation code"),
        pytest.param("91520201XX0001062Y", "91520201XX0001062Y", id="credit code"),
        pytest.param("证件号码91520201XX0001062Y", "证件号码91520201XX0001062Y", id="firm's"),
        pytest.param("（2026）黔0201执1234号", "（2026）黔0201执1234号", id="court case"),
        pytest.param("钟税稽罚〔2026〕90123号", "钟税稽罚〔2026〕90123号", id="decision"),
        pytest.param("P20260117、GZ-2026-0117", "P20260117、GZ-2026-0117", id="tender"),
        pytest.param("CGB202601170001", "CGB202601170001", id="tender with its day"),
        pytest.param("2026-11-01T02:00:00", "2026-11-01T02:00:00", id="moment"),
        pytest.param("cursor=86123456&limit=100", "cursor=86123456&limit=100", id="cursor"),
        pytest.param("s-13908581234e8123761ab01", "s-13908581234e8123761ab01", id="id"),
        pytest.param("a716-085886123456", "a716-085886123456", id="end of an id"),
    ],
)
def test_papers_and_telephones_in_a_text_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert hidden_text(text) == shown
    assert hidden_text(shown) == shown


@pytest.mark.parametrize("filler", [" ", "1 ", "1-", "证件", "电话:", "86 ", "(", "E1"])
def test_a_long_text_is_looked_through_once(filler: str) -> None:
    text = f"护照123{filler * 15_000}电话0858-8612345"
    assert hidden_text(text).endswith("0858-*****45")


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
