# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. 一个主体和它周围的人 / A subject and those around it
#
# 先查到它，看它自身和关联的风险，再看关系图。图旁总有同样内容的表。
#
# Find it, look at its own and linked risks, then at its ties. Beside a graph there is always the
# table that says the same. The store is the one `CREDITGRAPH_STORE` names.

# %%
import pandas as pd

from api.analyst import open_store

pd.set_option("display.max_colwidth", None)  # whole sentences
office = open_store()
office.search("物流")

# %% [markdown]
# 名称只查到一个组织，就是它；自然人仅凭姓名不能认定，要用编号。
#
# A full name that one organisation bears says who is meant; a person's name alone never does.

# %%
who = "贵州乌蒙源物流有限公司"
office.risks(who)

# %%
around = office.neighbourhood(who, depth=2)
around.picture()

# %% [markdown]
# 下图可拖动、缩放；点一个主体，只亮出它的关系；点图例可隐藏一类。
#
# Drag, zoom, click a subject to see its ties alone, click the legend to hide a kind.

# %%
graph = around.widget()
graph

# %%
around.table()

# %% [markdown]
# 需要计算时，同一邻域就是一个 networkx 图。
#
# For anything to be computed, the same neighbourhood is a networkx graph.

# %%
import networkx as nx

network = around.network()
names = nx.get_node_attributes(network, "name")
between = nx.betweenness_centrality(nx.Graph(network))
pd.Series(between).rename(names).sort_values(ascending=False).head(5).round(3)

# %% [markdown]
# 到另一主体的全部路径 / Every way to another subject

# %%
ways = office.paths(who, "六盘水凉辰建材有限责任公司")
[
    (way["identity"], [tie["text"] for step in way["steps"] for tie in step["ties"]])
    for way in ways["paths"]
]

# %%
office.close()
