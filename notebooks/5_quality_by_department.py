# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5. 各部门数据质量 / Data quality by department
#
# 每个信源读入多少、拒收多少、为什么，数据截至哪天，标识是否完整。
#
# How much of each feed was read and refused, why, up to which day, and how whole its
# identifiers are.

# %%
import pandas as pd

from api.analyst import open_store
from api.analyst.charts import bars

pd.set_option("display.max_colwidth", None)  # whole sentences
office = open_store()
feeds = office.quality()
feeds

# %%
departments = feeds.groupby("department", as_index=False)[["read", "refused"]].sum()
departments["refused_share"] = departments["refused"] / departments["read"]
departments.sort_values("refused_share", ascending=False)

# %%
bars(departments, "refused_share", "department", "拒收比例 / Share of rows refused")

# %% [markdown]
# 标识完整率最低的信源 / The feeds whose identifiers are least whole

# %%
bars(
    feeds.nsmallest(8, "full_identifiers"),
    "full_identifiers",
    "source",
    "标识完整率 / Whole identifiers",
)

# %% [markdown]
# 数据过期的信源 / Feeds older than their manifest allows

# %%
feeds.loc[feeds["stale"], ["department", "source", "data_date"]].sort_values("data_date")

# %%
office.close()
