"""Properties of identifiers: total, idempotent, faithful, and one with the public oracle."""

from datetime import date

from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from graph.identifiers import (
    Identifier,
    IdType,
    Status,
    certificate_type,
    compare,
    found_in_text,
    full_readings,
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

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NOISE = st.sampled_from([*" -'.0OIZSlLxX*×□?某／,、E+９Ｘ\u00a0\u200b\ufeff\x00①", "E+17"])


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@st.composite
def persons(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1850, 1, 1), date(1899, 12, 31)))
    body = "520" + draw(digits(3)) + f"{born:%Y%m%d}" + draw(digits(3))
    number = body + id_card_check(body)
    # What ends so may have been cut off by a spreadsheet.
    assume(not number.endswith("000"))
    return number


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["91", "92", "93", "N2", "A1", "Y1", "12", "52"]))
    organisation = "XX" + draw(digits(6))
    body = head + draw(digits(6)) + organisation + org_code_check(organisation)
    return body + uscc_check(body)


@st.composite
def registration_numbers(draw: st.DrawFn) -> str:
    body = "520201" + draw(digits(8))
    return body + regno_check(body)


codes = st.one_of(persons(), credit_codes(), registration_numbers())


@given(st.one_of(codes, st.text("0123456789ABXOILSZ", max_size=20), st.text(max_size=20)), NOISE)
@example("000000000", "")
@example("123456789", "")
def test_full_readings_are_those_parse_gives(text: str, noise: str) -> None:
    for raw in (text, text + noise, text[:4] + noise + text[5:]):
        parsed = [parse(kind, raw) for kind in IdType]
        full = [each for each in parsed if each is not None and each.full]
        assert full_readings(raw, IdType) == full


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a code with up to four characters put in, replaced or dropped."""
    text = list(draw(codes))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        text[place : place + draw(st.integers(0, 2))] = draw(st.lists(NOISE, max_size=4))
    return "".join(text)


dirty = st.one_of(st.text(st.characters()), mutated(), st.text("0123456789XxE+.*-/ ", max_size=24))
kinds = st.sampled_from(list(IdType))


@given(kinds, dirty)
@example(IdType.ID_CARD, "9" * 6000)
@example(IdType.USCC, "1." + "3" * 5000 + "E+17")
@example(IdType.REGNO, "\ud800" * 15)
def test_no_text_raises(kind: IdType, raw: str) -> None:
    for found in (parse(kind, raw), recognise(raw), *parse_cell(kind, raw), *found_in_text(raw)):
        if found is not None:
            assert len(mask(found)) == len(found.value)
    mask(kind, raw)
    certificate_type(raw)
    text_without_identifiers(raw)


@given(kinds, dirty)
def test_reading_what_was_read_changes_nothing(kind: IdType, raw: str) -> None:
    found = parse(kind, raw)
    if found is not None and (found.full or found.status is Status.MASKED):
        again = parse(kind, found.value)
        assert again is not None
        assert (again.type, again.value) == (found.type, found.value)
        assert again.full == found.full


@given(kinds, dirty)
def test_the_status_repaired_means_repairs_and_the_status_valid_none(
    kind: IdType, raw: str
) -> None:
    found = parse(kind, raw)
    if found is not None and found.full:
        assert (found.status is Status.REPAIRED) == bool(found.repairs)
        assert "*" not in found.value


@given(credit_codes())
def test_a_credit_code_is_valid_and_contains_what_it_implies(code: str) -> None:
    found = parse(IdType.USCC, code)
    assert found is not None
    assert found.status is Status.VALID
    assert found.implied == ((IdType.ORG_CODE, code[8:17]),)
    assert parse(IdType.ORG_CODE, code[8:17]) is not None


@given(codes, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_never_valid(code: str, place: int, digit: str) -> None:
    kind = IdType.REGNO if len(code) == 15 else IdType.ID_CARD if code[8:10] == "18" else None
    kind = kind or (IdType.ID_CARD if code[6:8] == "18" else IdType.USCC)
    place = min(place, len(code) - 1)
    wrong = code[:place] + digit + code[place + 1 :]
    if wrong != code:
        found = parse(kind, wrong)
        assert found is None or not found.full


@given(credit_codes(), st.lists(st.integers(0, 17), min_size=1, max_size=5))
def test_letters_for_digits_are_undone(code: str, places: list[int]) -> None:
    wrong = dict(zip("0125", "OIZS", strict=True))
    spoilt = "".join(
        wrong.get(letter, letter) if place in places else letter
        for place, letter in enumerate(code)
    )
    found = parse(IdType.USCC, spoilt)
    assert found is not None
    assert found.value == code
    assert found.repairs == (() if spoilt == code else ("letter_for_digit",))


@given(st.text(USCC_ALPHABET + "IOSVZ", min_size=10, max_size=10), digits(8), st.booleans())
def test_digit_headed_credit_codes_are_accepted_as_stdnum_accepts_them(
    tail: str, head: str, corrected: bool
) -> None:
    code = head + tail
    if corrected:
        code = code[:17] + (uscc_check(code[:17]) or "0")
    found = parse(IdType.USCC, code)
    if found is not None:
        assert (found.status is Status.VALID) == stdnum_uscc.is_valid(code)


@given(persons(), st.sets(st.integers(0, 17), min_size=1, max_size=16))
def test_a_mask_fits_the_code_it_hides(person: str, hidden: set[int]) -> None:
    pattern = "".join("*" if place in hidden else digit for place, digit in enumerate(person))
    masked, full = parse(IdType.ID_CARD, pattern), parse(IdType.ID_CARD, person)
    assert masked is not None
    assert full is not None
    assert (masked.status, masked.value) == (Status.MASKED, pattern)
    assert compare(masked, full) == "compatible"


@given(persons(), persons(), st.sets(st.integers(0, 17), min_size=1, max_size=16))
def test_a_mask_contradicts_exactly_the_codes_that_differ_where_it_shows(
    person: str, other: str, hidden: set[int]
) -> None:
    pattern = "".join("*" if place in hidden else digit for place, digit in enumerate(person))
    masked, full = parse(IdType.ID_CARD, pattern), parse(IdType.ID_CARD, other)
    assert masked is not None
    assert full is not None
    differs = any(person[place] != other[place] for place in set(range(18)) - hidden)
    assert compare(masked, full) == ("contradictory" if differs else "compatible")


@given(persons())
def test_the_float_a_spreadsheet_made_fits_its_card(person: str) -> None:
    if person.isdigit():
        full = parse(IdType.ID_CARD, person)
        for text in (f"{int(person):.5E}", f"{int(person):.2E}", person[:15] + "000"):
            cut = parse(IdType.ID_CARD, text)
            assert cut is not None
            assert full is not None
            assert cut.full or compare(cut, full) == "compatible"


@given(kinds, dirty, dirty)
def test_comparison_does_not_depend_on_the_order(kind: IdType, left: str, right: str) -> None:
    a, b = parse(kind, left), parse(kind, right)
    if a is not None and b is not None:
        assert compare(a, b) == compare(b, a)
        assert (compare(a, a) == "equal") == a.full


@given(persons(), st.sampled_from(["", "01"]), st.sampled_from(["", "L"]), kinds)
def test_no_column_shows_a_birth_date(person: str, tail: str, head: str, kind: IdType) -> None:
    text = head + person + ("" if head else tail)
    found = parse(kind, text)
    assert isinstance(found, Identifier)
    if kind is not IdType.PRIPID or text == person:
        assert person[6:14] not in mask(found)


@given(persons())
def test_a_card_is_never_recognised_as_a_credit_code(person: str) -> None:
    """One in 31 passes the check of a credit code too."""
    recognised, tax_id = recognise(person), parse(IdType.TAX_ID, person)
    assert recognised is not None
    assert recognised.type is IdType.ID_CARD
    assert tax_id is not None
    assert tax_id.implied == ((IdType.ID_CARD, person),)


@given(st.text("张三李四 有限公司(（）)、", max_size=8), codes.filter(lambda code: len(code) == 18))
def test_a_code_behind_a_name_is_found_whole(name: str, code: str) -> None:
    assert [found.value for found in found_in_text(name + code)] == [code]
    assert code not in text_without_identifiers(name + code)
