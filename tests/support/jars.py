"""The jars of a Neo4j release, from Maven Central, and a JDK of this machine that runs them."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import platformdirs

__all__ = ["RELEASES", "Impossible", "jars_of", "java_for"]

_MINUTES: Final = 10
RELEASES: Final = {"5.26.28": 17, "2026.04.0": 21}
"""The releases supported, and the oldest Java each runs on."""
_POM: Final = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>creditgraph</groupId><artifactId>server</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{release}</version>
    </dependency>
    <dependency>
      <groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId>
      <version>{release}</version>
    </dependency>
  </dependencies>
</project>
"""


class Impossible(Exception):
    """No server can be started on this machine; the text says why."""


def java_for(release: str) -> Path:
    """Return the home of a JDK that runs a release.

    Raises:
        Impossible: None is installed.
    """
    least = RELEASES.get(release, 21)
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    onpath = shutil.which("java")
    homes += [Path(onpath).resolve().parent.parent] if onpath else []
    for home in homes:
        version = _java_version(home)
        # The long-term release line does not promise to run on every newer Java.
        if version >= least and (least > 17 or version in (17, 21)):
            return home
    raise Impossible(f"Neo4j {release} needs a JDK {least} or newer; none is installed")


def jars_of(release: str) -> Path:
    """Return the folder of a release's jars, fetched with Maven on first use.

    Raises:
        Impossible: Maven is missing, or it could not fetch them.
    """
    cache = Path(os.environ.get("CREDITGRAPH_JARS") or platformdirs.user_cache_path("creditgraph"))
    folder = cache / f"neo4j-{release}"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise Impossible("Maven (mvn) is not installed and no server is given by NEO4J_URI")
    # Under its name complete or not at all.
    draft = cache / f".neo4j-{release}.{os.getpid()}"
    draft.mkdir(parents=True, exist_ok=True)
    (draft / "pom.xml").write_text(_POM.format(release=release), encoding="ascii")
    try:
        fetched = subprocess.run(
            [maven, "-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib"],
            cwd=draft,
            capture_output=True,
            check=False,
            timeout=_MINUTES * 60,
        )
    except subprocess.TimeoutExpired as error:
        shutil.rmtree(draft)
        raise Impossible(f"Maven took more than {_MINUTES} minutes for {release}") from error
    if fetched.returncode:
        shutil.rmtree(draft)
        told = fetched.stdout.decode(errors="replace").splitlines()
        raise Impossible(f"Maven could not fetch Neo4j {release}: {' '.join(told[:2])}")
    if folder.is_dir():  # another process was faster
        shutil.rmtree(draft)
    else:
        (draft / "lib").rename(folder)
        shutil.rmtree(draft)
    return folder


def _java_version(home: Path) -> int:
    """Return a JDK's feature release, 0 for a folder that holds none."""
    if not (home / "bin" / "java").exists() or not (home / "release").exists():
        return 0
    told = (home / "release").read_text(encoding="utf-8", errors="replace")
    found = re.search(r'^JAVA_VERSION="(\d+)', told, re.MULTILINE)
    return int(found[1]) if found else 0
