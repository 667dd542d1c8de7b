"""Numbers in names that tell sister bodies apart: 第二分公司, 三分店, 一号井.

Only ordinals are read. Turning every numeral of a name into digits breaks names
(六盘水, 三联, 八一路).
"""

import re
from typing import Final

__all__ = ["number_of", "ordinals"]

_DIGITS: Final = {d: n for n, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_NUMERAL: Final = "一二三四五六七八九十百千零〇○两0-9"
_COUNTS: Final = re.compile(f"[{_NUMERAL}]")
_ORDINAL: Final = re.compile(
    rf"第([{_NUMERAL}]+)|([{_NUMERAL}]+)(?:号|分(?=[公店厂社部校院所行场])"
    rf"|(?=(?:连锁|加盟|直营|分)?(?:店|门市|药店|药房|经营部|营业部|门店|部|厂|队|组|站|处|库|所|井)\)?$))"
)


def ordinals(text: str) -> str:
    """Return the ordinals of a text as numbers in order, joined by `,`; '' without any."""
    if _COUNTS.search(text) is None:
        return ""
    return ",".join([str(number_of(a or b)) for a, b in _ORDINAL.findall(text)])


def number_of(numeral: str) -> int:
    """Return the number a Chinese or Arabic numeral says."""
    if numeral.isdecimal():
        return int(numeral)
    if not any(mark in _TENS for mark in numeral):
        return int("".join(str(_DIGITS.get(mark, mark)) for mark in numeral))
    total = digit = 0
    for mark in numeral:
        if mark in _TENS:
            total += (digit or 1) * _TENS[mark]
            digit = 0
        elif mark in _DIGITS:
            digit = _DIGITS[mark]
        else:
            digit = digit * 10 + int(mark)
    return total + digit
