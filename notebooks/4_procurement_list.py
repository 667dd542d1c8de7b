# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. 采购名单筛查 / Screening a procurement list
#
# 名单可以是名称、代码或一个文件（`Path("名单.xlsx")`）。查不到不等于没有风险；
# 不能确定是谁的，列出而不猜。
#
# A list is names, codes or a file. Nothing found does not mean free of risk; who is not certain is
# listed, never guessed.

# %%
from datetime import date

import pandas as pd

from api.analyst import open_store
from api.analyst.charts import bars

pd.set_option("display.max_colwidth", None)  # whole sentences
office = open_store()
day = date(2026, 11, 1)
suppliers = [
    "贵州腾岳市政工程有限公司",
    "六盘水腾辉园林绿化有限公司",
    "贵州筑基建筑工程有限公司",
    "六盘水凉辰建材有限责任公司",
    "六盘水市钟山区红禾食品有限公司",
    "贵州禾穗种业有限公司",
    "贵州晓源建材有限公司",
    "六盘水嘉禾信息技术有限公司",
    "91520201XX0001011N",
    "赵德华",
    "贵州查无此企业有限公司",
]
screened = office.screen(suppliers, day)
screened

# %%
counts = screened.groupby("outcome", as_index=False).size()
bars(counts, "size", "outcome", "筛查结果 / Outcome")

# %% [markdown]
# 需要先核实的 / To be looked at first

# %%
looked_at = screened[screened["outcome"].isin(["restriction", "conditional"])]
looked_at[["name", "outcome", "restriction", "conditional", "rules"]]

# %% [markdown]
# 同一项目的投标人之间：`bars` 为法律禁止同时参加的，其余只供核查。
#
# Between the bidders of one project: `bars` is what the law forbids, the rest is to be looked at.

# %%
pairs = office.pairs(suppliers[:4], day)
pairs[["a", "b", "code", "rule", "bars", "why"]]

# %%
office.close()
