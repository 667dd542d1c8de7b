# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2. 为什么认定是同一主体 / Why are these the same?
#
# 一个主体由多个部门的指称合成。每次合并都能说明依据，也能撤销。
#
# A subject is made of what several departments say. Every merge tells its ground and can be undone.

# %%
import pandas as pd

from api.analyst import open_store

pd.set_option("display.max_colwidth", None)  # whole sentences
office = open_store()
who = "贵州筑基建筑工程有限公司"
office.mentions(who)[["source", "role", "name", "identifiers", "strong"]]

# %% [markdown]
# 共有的标识就是合并的依据 / The identifiers they share are the ground of the merge

# %%
told = office.explain(office.subject(who).id)
pd.DataFrame(told["joined_by"]).assign(mentions=lambda frame: frame["mentions"].map(len))

# %% [markdown]
# 比较引擎怎样看两个名称：字号不同即不同，组织形式写法不同几乎不算。
#
# How the comparison engine weighs names: a differing 字号 parts two firms, the wording of the legal
# form hardly counts.

# %%
office.compare(
    [
        ("贵州筑基建筑工程有限公司", "贵州筑基建筑工程有限责任公司"),
        ("贵州筑基建筑工程有限公司", "筑基建筑工程公司"),
        ("贵州筑基建筑工程有限公司", "贵州筑石建筑工程有限公司"),
        ("贵州筑基建筑工程有限公司", "贵州筑基建筑工程有限公司水城分公司"),
    ],
    "organisation",
)

# %% [markdown]
# 机器不应决定的，等待人工判定 / What a machine must not decide waits for a person

# %%
office.reviews()

# %%
office.close()
