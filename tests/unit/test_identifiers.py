"""Identifiers: every dirty input departments are known to send, and what is read from it.

No number here can belong to a living person or a real body: people are born before 1900,
organisation codes start with XX.
"""

import pytest
from stdnum.cn import ric as stdnum_ric
from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from graph.identifiers import (
    PERSONAL,
    STRENGTH,
    Identifier,
    IdType,
    Status,
    certificate_type,
    compare,
    found_in_text,
    id_card_check,
    mask,
    org_code_check,
    parse,
    parse_cell,
    recognise,
    regno_check,
    text_without_identifiers,
    uscc_check,
)


def an_org_code(body: str = "XX123456") -> str:
    return body + org_code_check(body)


def a_uscc(head: str = "91520201", body: str = "XX123456") -> str:
    text = head + an_org_code(body)
    return text + uscc_check(text)


def a_person(region: str = "520201", born: str = "18990101", sequence: str = "123") -> str:
    text = region + born + sequence
    return text + id_card_check(text)


def a_regno(body: str = "52020100001234") -> str:
    return body + regno_check(body)


def read(kind: IdType, raw: str) -> Identifier:
    found = parse(kind, raw)
    assert found is not None
    return found


USCC = a_uscc()
ORG_CODE = an_org_code()
PERSON = a_person()
CUT_SHORT = PERSON[:15] + "000"
REGNO = a_regno()
ENDS_IN_X = next(
    person for person in (a_person(sequence=f"{n:03}") for n in range(100)) if person[-1] == "X"
)


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("91520201", id="company"),
        pytest.param("92520201", id="individual-business"),
        pytest.param("93520201", id="cooperative"),
        pytest.param("N2520201", id="rural-collective"),
        pytest.param("A1110000", id="army"),
        pytest.param("Y1520201", id="other"),
        pytest.param("12520201", id="institution"),
        pytest.param("51520201", id="social-body"),
        pytest.param("81520201", id="trade-union"),
    ],
)
def test_a_credit_code_of_any_department_is_valid_and_implies_its_organisation_code(
    head: str,
) -> None:
    code = a_uscc(head)
    assert parse(IdType.USCC, code) == Identifier(
        IdType.USCC, Status.VALID, code, (), ((IdType.ORG_CODE, ORG_CODE),)
    )


def test_a_credit_code_with_a_wrong_inner_check_digit_is_valid_and_implies_nothing() -> None:
    wrong = "0" if ORG_CODE[-1] != "0" else "1"
    body = "91520201" + ORG_CODE[:8] + wrong
    found = read(IdType.USCC, body + uscc_check(body))
    assert found.status is Status.VALID
    assert found.implied == ()


@pytest.mark.parametrize(
    ("kind", "raw", "value", "repairs"),
    [
        pytest.param(IdType.USCC, f"  {USCC}\t\n", USCC, (), id="plain-space-is-no-repair"),
        pytest.param(IdType.USCC, wide(USCC), USCC, ("full_width",), id="full-width"),
        pytest.param(IdType.USCC, f"\u3000{USCC}", USCC, ("full_width",), id="wide-space"),
        pytest.param(IdType.USCC, f"\u00a0{USCC}", USCC, ("invisible",), id="nbsp"),
        pytest.param(
            IdType.USCC, f"\ufeff{USCC[:8]}\u200b{USCC[8:]}", USCC, ("invisible",), id="zero-width"
        ),
        pytest.param(IdType.USCC, f"{USCC}\x00", USCC, ("invisible",), id="nul"),
        pytest.param(IdType.USCC, USCC.lower(), USCC, ("upper_case",), id="lower-case-code"),
        pytest.param(
            IdType.ID_CARD, ENDS_IN_X.lower(), ENDS_IN_X, ("upper_case",), id="lower-case-x"
        ),
        pytest.param(
            IdType.ID_CARD, ENDS_IN_X[:-1] + "×", ENDS_IN_X, ("look_alike",), id="times-for-x"
        ),
        pytest.param(
            IdType.ID_CARD, ENDS_IN_X[:-1] + "Х", ENDS_IN_X, ("look_alike",), id="cyrillic-x"
        ),
        pytest.param(IdType.ID_CARD, "'" + PERSON, PERSON, ("apostrophe",), id="apostrophe"),
        pytest.param(IdType.ID_CARD, f'="{PERSON}"', PERSON, ("apostrophe",), id="excel-text"),
        pytest.param(IdType.REGNO, REGNO + ".0", REGNO, ("decimal_tail",), id="decimal-tail"),
        pytest.param(IdType.REGNO, REGNO + ".00", REGNO, ("decimal_tail",), id="two-decimals"),
        pytest.param(
            IdType.REGNO, f"{REGNO[0]}.{REGNO[1:]}E+14", REGNO, ("scientific",), id="float-whole"
        ),
        pytest.param(
            IdType.ID_CARD,
            f"{PERSON[:6]} {PERSON[6:14]}-{PERSON[14:]}",
            PERSON,
            ("separators",),
            id="groups",
        ),
        pytest.param(
            IdType.USCC,
            f"{USCC[:8]}-{USCC[8:16]}-{USCC[16:]}",
            USCC,
            ("separators",),
            id="hyphens",
        ),
        pytest.param(IdType.ORG_CODE, ORG_CODE, ORG_CODE, (), id="org-code-plain"),
        pytest.param(
            IdType.ORG_CODE, f"{ORG_CODE[:8]}-{ORG_CODE[8]}", ORG_CODE, (), id="org-code-printed"
        ),
        pytest.param(
            IdType.ORG_CODE,
            f"{ORG_CODE[:4]}-{ORG_CODE[4:]}",
            ORG_CODE,
            ("separators",),
            id="org-code-odd-hyphen",
        ),
        pytest.param(
            IdType.USCC, USCC.replace("0", "O"), USCC, ("letter_for_digit",), id="o-for-zero"
        ),
        pytest.param(
            IdType.USCC, USCC.replace("1", "I"), USCC, ("letter_for_digit",), id="i-for-one"
        ),
        pytest.param(
            IdType.USCC, USCC.replace("2", "Z", 1), USCC, ("letter_for_digit",), id="z-for-two"
        ),
        pytest.param(
            IdType.USCC,
            USCC.replace("5", "S", 1),
            USCC,
            ("letter_for_digit",),
            id="s-for-five",
        ),
        pytest.param(
            IdType.USCC,
            USCC.replace("1", "l", 1),
            USCC,
            ("upper_case", "letter_for_digit"),
            id="small-l-for-one",
        ),
        pytest.param(
            IdType.ID_CARD,
            PERSON.replace("0", "o", 2),
            PERSON,
            ("upper_case", "letter_for_digit"),
            id="o-in-a-card",
        ),
        pytest.param(
            IdType.USCC, f"统一社会信用代码：{USCC}", USCC, ("full_width", "label"), id="label"
        ),
        pytest.param(IdType.USCC, f"{USCC}(1-1)", USCC, ("copy_mark",), id="copy-mark"),
        pytest.param(IdType.USCC, f"({USCC})", USCC, ("separators",), id="brackets"),
        pytest.param(IdType.PRIPID, " aB-12_3 ", "aB-12_3", (), id="pripid-keeps-its-case"),
        pytest.param(IdType.PRIPID, "5202011234.0", "5202011234", ("decimal_tail",), id="pripid"),
    ],
)
def test_a_dirty_code_is_mended_and_says_how(
    kind: IdType, raw: str, value: str, repairs: tuple[str, ...]
) -> None:
    found = read(kind, raw)
    assert found.value == value
    assert found.repairs == repairs
    assert found.status is (Status.REPAIRED if repairs else Status.VALID)
    assert found.full


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\n", id="space"),
        pytest.param("\u200b", id="invisible"),
        pytest.param("0" * 18, id="zeros-18"),
        pytest.param("0" * 15, id="zeros-15"),
        pytest.param("00000000-0", id="zeros-printed"),
        pytest.param("0.0", id="zero-float"),
        pytest.param("0" * 17 + "X", id="zeros-x"),
        pytest.param("0" * 17 + "x", id="zeros-small-x"),
        pytest.param("1" * 18, id="ones"),
        pytest.param("9" * 13, id="nines"),
        pytest.param("无", id="wu"),
        pytest.param("暂无", id="zanwu"),
        pytest.param("无证件", id="wuzhengjian"),
        pytest.param("／", id="wide-slash"),
        pytest.param("/", id="slash"),
        pytest.param("-", id="dash"),
        pytest.param("——", id="long-dash"),
        pytest.param("待补", id="daibu"),
        pytest.param("待补充", id="daibuchong"),
        pytest.param("待*定", id="daiding"),
        pytest.param("N/A", id="na"),
        pytest.param("#N/A", id="excel-na"),
        pytest.param("null", id="null"),
        pytest.param("NaN", id="nan"),
        pytest.param("********", id="all-hidden"),
        pytest.param("某某某", id="all-mou"),
    ],
)
@pytest.mark.parametrize("kind", list(IdType))
def test_a_placeholder_is_no_identifier(kind: IdType, raw: str) -> None:
    assert parse(kind, raw) is None
    assert parse_cell(kind, raw) == ()


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        pytest.param(IdType.ID_CARD, "5.20201E+17", "520201", id="card-float"),
        pytest.param(IdType.ID_CARD, "5.20201e17", "520201", id="float-without-plus"),
        pytest.param(IdType.USCC, "9.15202E+17", "915202", id="credit-code-float"),
        pytest.param(IdType.REGNO, "5.20201E+14", "520201", id="regno-float"),
        pytest.param(IdType.TAX_ID, "5.20E+19", "52", id="tax-id-float-with-zero"),
        pytest.param(IdType.ID_CARD, "5.2020118990101126E+17", "520201189901011", id="float-repr"),
        pytest.param(IdType.ID_CARD, PERSON[:15] + "000", PERSON[:15], id="card-zeros"),
        pytest.param(IdType.USCC, "915202017000012000", "915202017000012", id="credit-code-zeros"),
        pytest.param(IdType.TAX_ID, PERSON[:15] + "00000", PERSON[:15], id="tax-id-20-zeros"),
    ],
)
def test_what_a_spreadsheet_cut_off_keeps_its_leading_digits_and_identifies_nobody(
    kind: IdType, raw: str, value: str
) -> None:
    found = read(kind, raw)
    assert (found.status, found.value, found.full) == (Status.TRUNCATED, value, False)


def test_a_card_that_ends_in_zeros_identifies_nobody_although_its_check_is_right() -> None:
    genuine = next(
        person
        for person in (a_person(born=f"18{year}0101", sequence="100") for year in range(50, 100))
        if person.endswith("000")
    )
    for kind in (IdType.ID_CARD, IdType.RESIDENCE_PERMIT, IdType.FOREIGN_PERMANENT):
        assert read(kind, genuine).status is Status.TRUNCATED
    found = recognise(genuine)
    assert found is None or not found.full


def test_a_credit_code_that_ends_in_zeros_needs_both_its_check_digits() -> None:
    """A cut-off one has the outer digit right once in 31 times, both once in 341."""
    bodies = [f"91520201{number}000" for number in range(100_000, 104_000)]
    codes = [body + "0" for body in bodies if uscc_check(body) == "0"]
    inner = [code for code in codes if org_code_check(code[8:16]) == "0"]
    assert inner
    assert {code for code in codes if read(IdType.USCC, code).full} == set(inner)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IdType.USCC, "123456789012345678"),
        (IdType.ID_CARD, "123456789012345678"),
        (IdType.REGNO, "1234567890123"),
        (IdType.REGNO, "123456789012345"),
        (IdType.ORG_CODE, "123456789"),
        (IdType.ORG_CODE, "00000000-0"),
        (IdType.USCC, "987654321098765432"),
    ],
)
def test_counting_up_or_down_is_no_code(kind: IdType, text: str) -> None:
    found = parse(kind, text)
    assert found is None or not found.full


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IdType.TAX_ID, "520201000000000"),
        (IdType.PASSPORT, "E00000000"),
        (IdType.MAINLAND_PERMIT, "H00000000"),
    ],
)
def test_zeros_behind_a_head_are_no_code(kind: IdType, text: str) -> None:
    assert parse(kind, text) is None


def test_zeros_after_an_impossible_birth_date_are_a_mistake_not_a_cut() -> None:
    assert read(IdType.ID_CARD, "520201189913011000").status is Status.INVALID


def test_a_number_as_long_as_no_code_of_the_type_is_invalid() -> None:
    assert read(IdType.ID_CARD, "5.20201E+12").status is Status.INVALID


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        pytest.param(IdType.USCC, USCC[:-1] + ("0" if USCC[-1] != "0" else "1"), id="check"),
        pytest.param(IdType.USCC, USCC[:-1], id="one-short"),
        pytest.param(IdType.USCC, USCC + "1", id="one-long"),
        pytest.param(IdType.USCC, PERSON, id="person-in-the-firm-column"),
        pytest.param(IdType.ID_CARD, USCC, id="firm-in-the-person-column"),
        pytest.param(IdType.ID_CARD, "张三", id="name"),
        pytest.param(IdType.ID_CARD, a_person(born="18990230"), id="30-february"),
        pytest.param(IdType.ID_CARD, a_person(born="19000229"), id="1900-had-no-leap-day"),
        pytest.param(IdType.ID_CARD, a_person(born="17991231"), id="before-1800"),
        pytest.param(IdType.ID_CARD, "520201991301123", id="15-digits-without-a-date"),
        pytest.param(IdType.REGNO, REGNO[:-1] + str((int(REGNO[-1]) + 1) % 10), id="regno-check"),
        pytest.param(IdType.REGNO, "黔工商注字12号", id="regno-words"),
        pytest.param(IdType.REGNO, "52020100012A4", id="regno-letter-without-check"),
        pytest.param(IdType.ORG_CODE, "XX12345-6", id="org-code-short"),
        pytest.param(IdType.PASSPORT, "E1234567", id="chinese-passport-one-short"),
        pytest.param(IdType.PASSPORT, "123456", id="counted-up"),
        pytest.param(IdType.PASSPORT, PERSON, id="card-in-the-passport-column"),
        pytest.param(IdType.TAIWAN_PERMIT, "1234567", id="permit-short"),
        pytest.param(IdType.MAINLAND_PERMIT, "C12345678", id="not-a-permit-to-the-mainland"),
        pytest.param(IdType.INSTITUTION_CERT, "事证第12号", id="institution-short"),
        pytest.param(IdType.SOCIAL_CERT, "社证字第0012号", id="number-every-county-has"),
        pytest.param(IdType.PRIPID, "见附件", id="pripid-words"),
    ],
)
def test_what_fails_its_form_or_check_is_invalid_and_kept(kind: IdType, raw: str) -> None:
    found = read(kind, raw)
    assert found.status is Status.INVALID
    assert found.value
    assert not found.full


@pytest.mark.parametrize("kind", sorted(set(IdType) - {IdType.PRIPID}))
@pytest.mark.parametrize("raw", ["13985912345", "139-8591-2345", "8613985912345"])
def test_a_phone_number_is_never_an_identifier(kind: IdType, raw: str) -> None:
    found = read(kind, raw)
    assert found.status is Status.INVALID
    assert found.personal
    assert "8591" not in mask(found) or kind in PERSONAL


def test_of_two_possible_repairs_none_is_made() -> None:
    """An organisation code may hold O and S as well as 0 and 5."""
    check = org_code_check("XXS01234")
    assert check == org_code_check("XX5O1234")
    assert read(IdType.ORG_CODE, "XXSO1234" + check).status is Status.INVALID


def test_a_letter_is_not_repaired_where_nothing_checks_the_result() -> None:
    assert read(IdType.REGNO, "520201000O123").status is Status.INVALID
    assert read(IdType.ID_CARD, a_person()[:6] + "99O101123").status is Status.INVALID


def test_a_15_digit_card_is_upgraded() -> None:
    found = read(IdType.ID_CARD, "520201600101123")
    assert found.value == a_person(born="19600101")
    assert (found.status, found.repairs) == (Status.REPAIRED, ("upgraded_15",))


@pytest.mark.parametrize("sequence", ["996", "997", "998", "999"])
def test_a_15_digit_card_of_a_centenarian_is_of_the_19th_century(sequence: str) -> None:
    found = read(IdType.ID_CARD, "520201990101" + sequence)
    assert found.value == a_person(born="18990101", sequence=sequence)


@pytest.mark.parametrize(
    ("kind", "raw", "type_", "value"),
    [
        pytest.param(IdType.ID_CARD, a_person("810000"), IdType.RESIDENCE_PERMIT, None, id="hk"),
        pytest.param(IdType.ID_CARD, a_person("820000"), IdType.RESIDENCE_PERMIT, None, id="mo"),
        pytest.param(
            IdType.RESIDENCE_PERMIT, a_person("830000"), IdType.RESIDENCE_PERMIT, None, id="tw"
        ),
        pytest.param(
            IdType.FOREIGN_PERMANENT, a_person("911156"), IdType.FOREIGN_PERMANENT, None, id="star"
        ),
        pytest.param(
            IdType.FOREIGN_PERMANENT, "USA110012345678", IdType.FOREIGN_PERMANENT, None, id="old"
        ),
        pytest.param(IdType.ID_CARD, a_person("520221"), IdType.ID_CARD, None, id="shuicheng"),
        pytest.param(IdType.ID_CARD, a_person("520222"), IdType.ID_CARD, None, id="panxian"),
        pytest.param(IdType.PASSPORT, "E12345678", IdType.PASSPORT, None, id="passport"),
        pytest.param(IdType.PASSPORT, "EA1234567", IdType.PASSPORT, None, id="passport-letters"),
        pytest.param(IdType.PASSPORT, "C01X00T47", IdType.PASSPORT, None, id="foreign-passport"),
        pytest.param(IdType.MAINLAND_PERMIT, "H12345678", IdType.MAINLAND_PERMIT, None, id="hm"),
        pytest.param(
            IdType.MAINLAND_PERMIT, "M1234567801", IdType.MAINLAND_PERMIT, "M12345678", id="renewed"
        ),
        pytest.param(IdType.TAIWAN_PERMIT, "12345678", IdType.TAIWAN_PERMIT, None, id="taiwan"),
        pytest.param(
            IdType.TAIWAN_PERMIT, "1234567801(B)", IdType.TAIWAN_PERMIT, "12345678", id="taiwan-old"
        ),
        pytest.param(IdType.REGNO, "5202001234567", IdType.REGNO, None, id="regno-13"),
        pytest.param(
            IdType.INSTITUTION_CERT,
            "事证第152020000123号",
            IdType.INSTITUTION_CERT,
            "152020000123",
            id="institution",
        ),
        pytest.param(
            IdType.SOCIAL_CERT, "黔社证字第0123号", IdType.SOCIAL_CERT, None, id="social-authority"
        ),
        pytest.param(IdType.SOCIAL_CERT, "社证字第123456号", IdType.SOCIAL_CERT, None, id="social"),
    ],
)
def test_every_other_code_has_its_form(
    kind: IdType, raw: str, type_: IdType, value: str | None
) -> None:
    found = read(kind, raw)
    assert found.full
    assert (found.type, found.value) == (type_, value or raw)


@pytest.mark.parametrize(
    ("raw", "implied", "personal"),
    [
        pytest.param(
            USCC, ((IdType.USCC, USCC), (IdType.ORG_CODE, ORG_CODE)), False, id="credit-code"
        ),
        pytest.param("520201" + ORG_CODE, ((IdType.ORG_CODE, ORG_CODE),), False, id="old-15"),
        pytest.param("5202010000123AB", (), False, id="old-15-unchecked"),
        pytest.param(PERSON, ((IdType.ID_CARD, PERSON),), True, id="person-18"),
        pytest.param(PERSON + "01", ((IdType.ID_CARD, PERSON),), True, id="person-20"),
        pytest.param("L" + PERSON, ((IdType.ID_CARD, PERSON),), True, id="temporary"),
    ],
)
def test_a_tax_id_implies_what_it_is_made_of(
    raw: str, implied: tuple[tuple[IdType, str], ...], personal: bool
) -> None:
    found = read(IdType.TAX_ID, raw)
    assert (found.status, found.value) == (Status.VALID, raw)
    assert found.implied == implied
    assert found.personal is personal


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("5202011899****1235", "5202011899****1235", id="10-and-4"),
        pytest.param("520201********1235", "520201********1235", id="6-and-4"),
        pytest.param("520201＊＊＊＊＊＊＊＊1235", "520201********1235", id="wide-stars"),
        pytest.param("520201xxxxxxxx1235", "520201********1235", id="small-x"),
        pytest.param("520201XXXXXXXX123X", "520201********123X", id="large-x"),
        pytest.param("520201××××××××1235", "520201********1235", id="times"),
        pytest.param("520201□□□□□□□□1235", "520201********1235", id="boxes"),
        pytest.param("520201????????1235", "520201********1235", id="question-marks"),
        pytest.param("520201某某某某某某某某1235", "520201********1235", id="mou"),
        pytest.param("520***********1235", "520***********1235", id="3-and-4"),
        pytest.param("5202**********1235", "5202**********1235", id="4-and-4"),
        pytest.param("5****************5", "5****************5", id="1-and-1"),
        pytest.param("52020118990101****", "52020118990101****", id="tail-hidden"),
        pytest.param("52020118990101XXXX", "52020118990101****", id="tail-of-x"),
        pytest.param("520201**1235", "520201********1235", id="one-short-run-is-widened"),
        pytest.param("520201************1235", "520201********1235", id="one-long-run-is-cut"),
        pytest.param("520201*****1235", "520201************", id="15-keeps-only-its-head"),
        pytest.param("520201**99**1235", "520201************", id="odd-runs-keep-only-the-head"),
    ],
)
def test_a_masked_card_is_a_pattern_at_full_length(raw: str, value: str) -> None:
    found = read(IdType.ID_CARD, raw)
    assert (found.status, found.value, found.full) == (Status.MASKED, value, False)
    assert read(IdType.ID_CARD, value).value == value


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        pytest.param(IdType.USCC, "91520201****12345K", "91520201****12345K", id="credit-code"),
        pytest.param(IdType.ORG_CODE, "XX12***6-2", "XX12***62", id="org-code"),
        pytest.param(IdType.PASSPORT, "E****5678", "E****5678", id="passport"),
        pytest.param(IdType.REGNO, "520201*****2346", "520201*****2346", id="regno"),
    ],
)
def test_other_types_are_masked_as_well(kind: IdType, raw: str, value: str) -> None:
    found = read(kind, raw)
    assert (found.status, found.value) == (Status.MASKED, value)


@pytest.mark.parametrize("raw", ["张*", "520201189913****23", "李*四", "5202A1********1235"])
def test_a_star_alone_does_not_make_a_masked_card(raw: str) -> None:
    assert read(IdType.ID_CARD, raw).status is Status.INVALID


def test_the_x_of_an_organisation_code_is_no_mask() -> None:
    wrong = "XX12XX56" + ("0" if org_code_check("XX12XX56") != "0" else "1")
    assert read(IdType.ORG_CODE, wrong).status is Status.INVALID


@pytest.mark.parametrize(
    ("kind", "raw", "values"),
    [
        pytest.param(IdType.ID_CARD, PERSON, (PERSON,), id="one"),
        pytest.param(IdType.ID_CARD, f"{PERSON}、{ENDS_IN_X}", (PERSON, ENDS_IN_X), id="two"),
        pytest.param(IdType.ID_CARD, f"{PERSON}\n{ENDS_IN_X}", (PERSON, ENDS_IN_X), id="lines"),
        pytest.param(IdType.ID_CARD, f"{PERSON};{PERSON}", (PERSON,), id="twice-the-same"),
        pytest.param(IdType.ID_CARD, f"{PERSON[:6]} {PERSON[6:]}", (PERSON,), id="groups-are-one"),
        pytest.param(IdType.ORG_CODE, f"{ORG_CODE} {ORG_CODE}", (ORG_CODE,), id="org-codes"),
        pytest.param(IdType.ID_CARD, "无", (), id="nothing"),
        pytest.param(IdType.ID_CARD, "张三 李四", ("张三李四",), id="short-parts-stay-whole"),
        pytest.param(
            IdType.ID_CARD,
            f"{PERSON}/5202011899****1235",
            (PERSON, "5202011899****1235"),
            id="one-of-them-masked",
        ),
    ],
)
def test_a_cell_yields_each_identifier_once(
    kind: IdType, raw: str, values: tuple[str, ...]
) -> None:
    assert tuple(found.value for found in parse_cell(kind, raw)) == values


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        pytest.param(USCC, IdType.USCC, Status.VALID, id="uscc"),
        pytest.param(wide(USCC).lower(), IdType.USCC, Status.REPAIRED, id="dirty-uscc"),
        pytest.param(USCC[:-1] + "0", IdType.USCC, Status.INVALID, id="mistyped-uscc"),
        pytest.param(PERSON, IdType.ID_CARD, Status.VALID, id="card"),
        pytest.param("520201600101123", IdType.ID_CARD, Status.REPAIRED, id="card-15"),
        pytest.param(PERSON[:-1] + "0", IdType.ID_CARD, Status.INVALID, id="mistyped-card"),
        pytest.param(PERSON[:-1], IdType.ID_CARD, Status.INVALID, id="card-one-short"),
        pytest.param("5202011899****1235", IdType.ID_CARD, Status.MASKED, id="masked-card"),
        pytest.param("520201xxxxxxxx1235", IdType.ID_CARD, Status.MASKED, id="x-masked-card"),
        pytest.param("91520201****12345K", IdType.USCC, Status.MASKED, id="masked-uscc"),
        pytest.param("5.20201E+17", IdType.ID_CARD, Status.TRUNCATED, id="float-card"),
        pytest.param("9.15202E+17", IdType.USCC, Status.TRUNCATED, id="float-uscc"),
        pytest.param(PERSON[:15] + "000", IdType.ID_CARD, Status.TRUNCATED, id="cut-card"),
        pytest.param(a_person("810000"), IdType.RESIDENCE_PERMIT, Status.VALID, id="residence"),
        pytest.param(a_person("911156"), IdType.FOREIGN_PERMANENT, Status.VALID, id="permanent"),
        pytest.param(ORG_CODE, IdType.ORG_CODE, Status.VALID, id="org-code"),
        pytest.param("XX123456-2", IdType.ORG_CODE, Status.VALID, id="org-code-printed"),
        pytest.param(REGNO, IdType.REGNO, Status.VALID, id="regno"),
        pytest.param("5202001234567", IdType.REGNO, Status.VALID, id="regno-13"),
        pytest.param("520201" + ORG_CODE, IdType.TAX_ID, Status.VALID, id="tax-15"),
        pytest.param(PERSON + "01", IdType.TAX_ID, Status.VALID, id="tax-20"),
        pytest.param("E12345678", IdType.PASSPORT, Status.VALID, id="passport"),
        pytest.param("H12345678", IdType.MAINLAND_PERMIT, Status.VALID, id="permit"),
        pytest.param("12345678", IdType.TAIWAN_PERMIT, Status.VALID, id="taiwan"),
        pytest.param("事证第152020000123号", IdType.INSTITUTION_CERT, Status.VALID, id="shizheng"),
        pytest.param("黔社证字第0123号", IdType.SOCIAL_CERT, Status.VALID, id="shezheng"),
    ],
)
def test_an_untyped_identifier_is_recognised(raw: str, kind: IdType, status: Status) -> None:
    found = recognise(raw)
    assert found is not None
    assert (found.type, found.status) == (kind, status)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param("张三", id="person-name"),
        pytest.param("王某某", id="masked-name"),
        pytest.param("张*", id="starred-name"),
        pytest.param("六盘水第12建筑公司", id="firm-name"),
        pytest.param("MICROSOFT", id="latin-name"),
        pytest.param("13985912345", id="mobile"),
        pytest.param("139****2345", id="masked-mobile"),
        pytest.param("0858-8222111", id="land-line"),
        pytest.param("18990709", id="date"),
        pytest.param("2019-07-09", id="date-with-hyphens"),
        pytest.param("12345", id="short-number"),
        pytest.param("待补", id="placeholder"),
    ],
)
def test_other_texts_are_not_recognised(raw: str) -> None:
    assert recognise(raw) is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("01", IdType.ID_CARD),
        ("1", IdType.ID_CARD),
        ("02", IdType.PASSPORT),
        ("03", IdType.MAINLAND_PERMIT),
        ("04", IdType.TAIWAN_PERMIT),
        ("０５", IdType.FOREIGN_PERMANENT),
        ("身份证", IdType.ID_CARD),
        ("居民身份证", IdType.ID_CARD),
        ("护照号", IdType.PASSPORT),
        ("港澳居民来往内地通行证", IdType.MAINLAND_PERMIT),
        ("港澳通行证", IdType.MAINLAND_PERMIT),
        ("台湾居民来往大陆通行证", IdType.TAIWAN_PERMIT),
        ("台胞证", IdType.TAIWAN_PERMIT),
        ("港澳台居民居住证", IdType.RESIDENCE_PERMIT),
        ("外国人永久居留身份证", IdType.FOREIGN_PERMANENT),
        ("外国人永久居留证", IdType.FOREIGN_PERMANENT),
        ("统一社会信用代码", IdType.USCC),
        ("营业执照", IdType.USCC),
        ("营业执照注册号", IdType.REGNO),
        ("组织机构代码证", IdType.ORG_CODE),
        ("税务登记证", IdType.TAX_ID),
        ("事业单位法人证书", IdType.INSTITUTION_CERT),
        ("社会团体法人登记证书", IdType.SOCIAL_CERT),
        ("uscc", IdType.USCC),
        ("往来港澳通行证", None),
        ("香港身份证", None),
        ("军官证", None),
        ("99", None),
        ("", None),
    ],
)
def test_a_certificate_type_is_read_by_code_or_words(label: str, kind: IdType | None) -> None:
    assert certificate_type(label) is kind


@pytest.mark.parametrize(
    ("kind", "a", "b", "verdict"),
    [
        pytest.param(IdType.ID_CARD, PERSON, PERSON, "equal", id="same"),
        pytest.param(
            IdType.ID_CARD, PERSON, f"{PERSON[:6]} {PERSON[6:]}", "equal", id="same-repaired"
        ),
        pytest.param(IdType.ID_CARD, PERSON, ENDS_IN_X, "contradictory", id="other"),
        pytest.param(
            IdType.ID_CARD, "520201600101123", a_person(born="19600101"), "equal", id="15-and-18"
        ),
        pytest.param(
            IdType.ID_CARD, PERSON, PERSON[:10] + "****" + PERSON[14:], "compatible", id="mask"
        ),
        pytest.param(
            IdType.ID_CARD,
            PERSON[:10] + "****" + PERSON[14:],
            PERSON[:10] + "****" + PERSON[14:],
            "compatible",
            id="equal-masks-are-not-equal",
        ),
        pytest.param(
            IdType.ID_CARD, PERSON, "5202011898****" + PERSON[14:], "contradictory", id="year"
        ),
        pytest.param(
            IdType.ID_CARD, PERSON[:14] + "****", "520203" + "*" * 12, "contradictory", id="masks"
        ),
        pytest.param(
            IdType.ID_CARD,
            PERSON[:14] + "****",
            "*" * 14 + ENDS_IN_X[14:],
            "compatible" if PERSON[:14] == ENDS_IN_X[:14] else "contradictory",
            id="masks-that-add-up",
        ),
        pytest.param(
            IdType.ID_CARD,
            PERSON[:14] + "****",
            "*" * 14 + "999" + ("0" if a_person(sequence="999")[-1] != "0" else "1"),
            "contradictory",
            id="masks-that-add-up-to-a-wrong-check-digit",
        ),
        pytest.param(IdType.ID_CARD, PERSON, "5.20201E+17", "compatible", id="float"),
        pytest.param(IdType.ID_CARD, PERSON, "5.20203E+17", "contradictory", id="other-float"),
        pytest.param(
            IdType.ID_CARD, a_person("520281"), "5.20281E+17", "compatible", id="float-panzhou"
        ),
        pytest.param(
            IdType.USCC, "915202810000000000", "9.15203E+17", "compatible", id="cut-and-float"
        ),
        pytest.param(
            IdType.ID_CARD, PERSON[:15] + "000", "520201" + "*" * 12, "compatible", id="cut-mask"
        ),
        pytest.param(
            IdType.ID_CARD, PERSON[:15] + "000", PERSON, "compatible", id="cut-and-complete"
        ),
        pytest.param(IdType.ID_CARD, CUT_SHORT, CUT_SHORT, "compatible", id="cut-both"),
        pytest.param(
            IdType.ID_CARD,
            CUT_SHORT,
            f"{CUT_SHORT[:10]}****{CUT_SHORT[14:]}",
            "compatible",
            id="cut-zeros",
        ),
        pytest.param(IdType.ID_CARD, "张三", PERSON, "incomparable", id="invalid"),
        pytest.param(IdType.REGNO, REGNO, "5202001234567", "incomparable", id="generations"),
        pytest.param(IdType.REGNO, REGNO, a_regno("52020100001235"), "contradictory", id="regnos"),
        pytest.param(IdType.TAX_ID, USCC, "520201" + ORG_CODE, "incomparable", id="tax-ids"),
    ],
)
def test_two_identifiers_compare_the_same_both_ways(
    kind: IdType, a: str, b: str, verdict: str
) -> None:
    left, right = read(kind, a), read(kind, b)
    assert compare(left, right) == verdict
    assert compare(right, left) == verdict


def test_a_float_rounded_up_still_fits_its_code() -> None:
    """All-digit codes of 盘州 (520281) turn into 9.15203E+17, which is not their beginning."""
    code = next(
        text + uscc_check(text)
        for text in (f"91520281{n:09}" for n in range(100))
        if uscc_check(text).isdigit()
    )
    rounded = read(IdType.USCC, f"{float(int(code)):.5E}")
    assert rounded.value == "915203"
    assert compare(read(IdType.USCC, code), rounded) == "compatible"
    assert compare(rounded, read(IdType.USCC, code[:7] + "*" * 11)) == "compatible"


def test_different_types_do_not_compare() -> None:
    assert compare(read(IdType.USCC, USCC), read(IdType.TAX_ID, USCC)) == "incomparable"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        pytest.param(IdType.ID_CARD, PERSON, "520201********1235", id="card"),
        pytest.param(IdType.ID_CARD, "520201600101123", "520201*********", id="card-15"),
        pytest.param(IdType.ID_CARD, PERSON[:15], "520201*********", id="cut-card"),
        pytest.param(IdType.PASSPORT, "E12345678", "E1*****78", id="passport"),
        pytest.param(IdType.MAINLAND_PERMIT, "H12345678", "H1*****78", id="permit"),
        pytest.param(IdType.PASSPORT, "E1", "**", id="too-short-to-show"),
        pytest.param(IdType.USCC, USCC, USCC, id="uscc"),
        pytest.param(IdType.TAX_ID, USCC, USCC, id="tax-id-of-a-firm"),
        pytest.param(IdType.TAX_ID, PERSON, "520201********1235", id="tax-id-of-a-person"),
        pytest.param(IdType.TAX_ID, PERSON + "01", "520201********123501", id="tax-id-20"),
        pytest.param(IdType.TAX_ID, "L" + PERSON, "L520201********1235", id="tax-id-temporary"),
        pytest.param(IdType.TAX_ID, "520201600101123", "520201******123", id="tax-id-old-card"),
        pytest.param(IdType.USCC, PERSON, "520201********1235", id="card-in-a-firm-column"),
        pytest.param(IdType.PRIPID, PERSON, "520201********1235", id="card-as-pripid"),
        pytest.param(IdType.REGNO, "13985912345", "139****2345", id="phone"),
        pytest.param(IdType.REGNO, REGNO, REGNO, id="regno"),
    ],
)
def test_personal_numbers_are_shown_in_part(kind: IdType, value: str, shown: str) -> None:
    assert mask(kind, value) == shown
    assert mask(kind, shown) == shown


def test_an_identifier_is_shown_by_its_own_value() -> None:
    assert mask(read(IdType.ID_CARD, PERSON)) == "520201********1235"
    assert mask(read(IdType.USCC, USCC)) == USCC


@pytest.mark.parametrize(
    ("text", "values", "rest"),
    [
        pytest.param("张三", (), "张三", id="name-alone"),
        pytest.param(f"张三{PERSON}", (PERSON,), "张三", id="name-and-card"),
        pytest.param(f"张三 {wide(ENDS_IN_X.lower())}", (ENDS_IN_X,), "张三", id="wide-card"),
        pytest.param(f"张三（身份证号：{PERSON}）", (PERSON,), "张三", id="labelled-in-brackets"),
        pytest.param(f"钟山贸易有限公司/{USCC}", (USCC,), "钟山贸易有限公司", id="firm"),
        pytest.param(
            f"{PERSON}张三、{ENDS_IN_X}李四", (PERSON, ENDS_IN_X), "张三、李四", id="two-people"
        ),
        pytest.param(f"张三{PERSON[:-1]}", (), f"张三{PERSON[:-1]}", id="incomplete-stays"),
        pytest.param(f"8{PERSON}", (), f"8{PERSON}", id="part-of-a-longer-number"),
    ],
)
def test_codes_are_found_in_names_and_taken_out(
    text: str, values: tuple[str, ...], rest: str
) -> None:
    assert tuple(found.value for found in found_in_text(text)) == values
    assert text_without_identifiers(text) == rest


def test_a_card_that_passes_as_a_credit_code_is_a_card_unless_its_column_says_otherwise() -> None:
    both = "520499189410289888"
    assert uscc_check(both[:17]) == id_card_check(both[:17]) == both[17]
    recognised, tax_id, stated = recognise(both), read(IdType.TAX_ID, both), read(IdType.USCC, both)
    assert recognised is not None
    assert recognised.type is found_in_text(both)[0].type is IdType.ID_CARD
    assert tax_id.implied == ((IdType.ID_CARD, both),)
    assert (stated.type, stated.status) == (IdType.USCC, Status.VALID)
    assert all(found.personal for found in (recognised, tax_id, stated))


def test_every_type_has_its_place_in_the_order_of_strength() -> None:
    assert sorted(STRENGTH) == sorted(IdType)
    assert set(IdType) > PERSONAL


@pytest.mark.parametrize("n", range(200))
def test_check_characters_agree_with_stdnum(n: int) -> None:
    digits = f"915202010000{n:05}"
    assert uscc_check(digits) == stdnum_uscc.calc_check_digit(digits + "0")
    born = f"52020118990101{n:03}"
    assert id_card_check(born) == stdnum_ric.calc_check_digit(born + "0")
    body = f"520201{n * 977:08}"
    assert regno_check(body) == mod_11_10.calc_check_digit(body)


@pytest.mark.parametrize("check", [uscc_check, org_code_check, id_card_check, regno_check])
@pytest.mark.parametrize(
    "body", ["", "1", "９" * 17, "_1" * 8 + "1", "+" + "1" * 16, " " * 17, "!" * 14, "é" * 8]
)
def test_a_body_that_is_none_has_no_check_character(check: object, body: str) -> None:
    assert callable(check)
    assert check(body) == ""


@pytest.mark.parametrize("text", ["12" * 50_000, "*1" * 50_000, "9.1" + "0" * 100_000 + "E+17"])
def test_a_cell_of_any_length_is_read_in_linear_time(text: str) -> None:
    """A quadratic step anywhere would make this test take minutes."""
    for kind in IdType:
        found = read(kind, text)
        assert found.status is Status.INVALID or kind is IdType.PRIPID
    assert recognise(text) is None
