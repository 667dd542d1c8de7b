"""The analyst's library: a store's answers as frames, networks and pictures.

`from api.analyst import open_store`, or `connect` to a service. What it needs beside creditgraph
is installed with `pip install "creditgraph[notebooks]"`.
"""

from api.analyst.office import Office, open_store
from api.analyst.remote import Errand, Remote, RemoteError, connect

__all__ = ["Errand", "Office", "Remote", "RemoteError", "connect", "open_store"]
