# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3. 规则库怎样看一个案例 / What does the rulebook do with a case?
#
# 案例是手写的，不查数据库：谁、什么关系、什么认定、哪一天。
#
# A case is written by hand and no subject of the store is asked: who, which ties, which listing,
# which day.

# %%
from copy import deepcopy
from datetime import date

import pandas as pd

from api.analyst import open_store
from api.analyst.charts import spans

pd.set_option("display.max_colwidth", None)  # whole sentences
office = open_store()
day = date(2026, 11, 1)
case = {
    "subjects": [
        {"id": "an", "kind": "person", "name": "安一", "identity": "strong"},
        {"id": "bo", "kind": "person", "name": "柏二", "identity": "strong"},
        {"id": "F1", "kind": "enterprise", "name": "六盘水甲商贸有限公司", "identity": "strong"},
        {"id": "F2", "kind": "enterprise", "name": "六盘水乙商贸有限公司", "identity": "strong"},
    ],
    "relations": [
        {
            "type": "legal_representative",
            "from": "an",
            "to": "F1",
            "since": "2015-03-01",
            "until": "2025-06-01",
        },
        {"type": "legal_representative", "from": "bo", "to": "F1", "since": "2025-06-01"},
        {"type": "director", "from": "an", "to": "F2", "since": "2022-01-01"},
    ],
    "listings": [
        {
            "id": "l1",
            "subject": "F1",
            "kind": "licence_revoked",
            "violation_date": "2025-05-31",
            "decision_date": "2026-03-01",
            "facts": {"personally_responsible": ["an"]},
        }
    ],
    "bids": [],
}
found = office.judged(case, day)
found

# %%
label = found["name"] + " " + found["rule"]
spans(found.assign(label=label), day.isoformat(), "推送与提示的期间 / How long each lasts")

# %% [markdown]
# 没有“个人责任”的认定，就只是“待查”：未知不等于是。
#
# Without a finding of personal responsibility it stays conditional: unknown is never yes.

# %%
unknown = deepcopy(case)
unknown["listings"][0]["facts"] = {}
office.judged(unknown, day)[["name", "rule", "kind", "missing"]]

# %% [markdown]
# 违法行为发生前一天离任，就不触及 / Who left the day before the violation is not reached

# %%
left = deepcopy(case)
left["relations"][0]["until"] = "2025-05-31"
left["listings"][0]["facts"] = {}
office.judged(left, day)[["name", "rule", "kind", "missing"]]

# %%
office.close()
