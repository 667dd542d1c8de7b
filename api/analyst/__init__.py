"""The analyst's library: a store's answers as frames, networks and pictures.

`from api.analyst import open_store`; what it needs beside creditgraph is installed with
`pip install "creditgraph[notebooks]"`.
"""

from api.analyst.office import Office, open_store

__all__ = ["Office", "open_store"]
