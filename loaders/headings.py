"""What a column heading says, whatever its spelling: width, case, spaces, stars, hints."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["heading_key"]

_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad*※:]+")
# Hints to whoever fills in the form. Units and 自/至 in brackets are part of the meaning.
_HINT: Final = re.compile(
    r"[(\[【〔<](?:如[^()\[\]【】〔〕<>]*|[^()\[\]【】〔〕<>]*(?:必填|选填|必选|可选|必录|选录|可为空|不为空|格式|"
    r"示例|样例|例如|字符|文本|\d+位|yyyy|请填|请输入|不超过|多个|换行)[^()\[\]【】〔〕<>]*)[)\]】〕>]"
)
_LONGEST: Final = 200


@lru_cache(maxsize=16_384)
def heading_key(heading: str) -> str:
    """Return what two spellings of one heading have in common; '' for a blank one.

    Equal for 企业名称, `*企业 名称（必填）` and 企业名称：, but not for amounts in 元 and in 万元.
    """
    text = unicodedata.normalize("NFKC", heading[:_LONGEST]).lower()
    return _HINT.sub("", _BLANK.sub("", text))
