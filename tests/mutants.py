"""Break the sanctions engine on purpose; every break must make a test fail (`make mutants`).

Each mutant changes one place in a copy of the code. One that survives is a law nobody tests.
"""

import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["MUTANTS", "ROOT", "Mutant", "main"]

ROOT: Final = Path(__file__).parents[1]
_CASES: Final = ("tests/golden/test_rules.py",)
_UNITS: Final = tuple(
    f"tests/unit/test_{name}.py"
    for name in ("network", "conditions", "rulebook", "rulebook_refusals", "propagate", "case")
)
_SANCTIONS: Final = "graph/sanctions"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file; `before` stands there exactly once.

    Attributes:
        after: None removes the file.
    """

    what: str
    file: str
    before: str = ""
    after: str | None = None


def _clock(what: str, before: str, after: str) -> Mutant:
    return Mutant(what, f"{_SANCTIONS}/clock.py", before, after)


def _network(what: str, before: str, after: str) -> Mutant:
    return Mutant(what, "graph/network.py", before, after)


MUTANTS: Final = (
    # The day that counts
    _clock("violation date -> today", "day = self.violation\n", "day = self.as_of\n"),
    _clock(
        "law of the act -> law of today",
        "day = clock.law if rule",
        "day = clock.as_of if rule",
    ),
    _clock(
        "law of the act -> law of today, for clocks",
        "since <= clock.law",
        "since <= clock.as_of",
    ),
    _clock(
        "order's day -> unknown",
        'if day is None and when == "violation_or_decision":',
        "if not when:",
    ),
    # Half-open dates
    _clock("first day <= -> <", "self.since <= as_of", "self.since < as_of"),
    _clock("last day <= -> <", "self.until <= as_of", "self.until < as_of"),
    _clock("begun after > -> >=", "since > self.decision", "since >= self.decision"),
    _clock("came by the decision <= -> <", "since <= (self.decision", "since < (self.decision"),
    _clock("left by today > -> >=", "left > self.as_of", "left >= self.as_of"),
    _clock("certain term < -> <=", "if as_of < least", "if as_of <= least"),
    _clock("law from <= -> <", "since <= clock.law", "since < clock.law"),
    _network("post begins > -> >=", "or since > day", "or since >= day"),
    _network("post ends >= -> >", "if day >= self._until", "if day > self._until"),
    _network("registered < -> <=", "<= day < self._until", "<= day <= self._until"),
    Mutant("law begins <= -> <", f"{_SANCTIONS}/rule.py", "self.since <= day", "self.since < day"),
    Mutant("law ends < -> <=", f"{_SANCTIONS}/rule.py", "day < self.until", "day <= self.until"),
    Mutant("listing ends <= -> <", "graph/model.py", "self.until <= as_of", "self.until < as_of"),
    # Unknown is never yes
    _network("unknown beginning -> held", "return Held.UNKNOWN if", "return Held.YES if"),
    Mutant(
        "unknown fact -> met",
        f"{_SANCTIONS}/conditions.py",
        "return tuple(fact for fact, answer in answers.items() if answer is None)",
        "return ()",
    ),
    Mutant(
        "unknown fact -> enough for the broad kinds",
        f"{_SANCTIONS}/conditions.py",
        "if not all(each.met(facts) for each in self.only)",
        "if any(each.met(facts) is False for each in self.only)",
    ),
    Mutant(
        "unknown share -> control",
        f"{_SANCTIONS}/walk.py",
        "return share is not None and",
        "return share is None or",
    ),
    Mutant("share > -> >=", f"{_SANCTIONS}/walk.py", "share > limit + ROUNDING", "share >= limit"),
    _clock("unknown anchor -> no question", "(duration.anchors[0],)", "()"),
    _clock("a ban longer than the law", "min(listing.until, most)", "listing.until"),
    # Who is meant
    Mutant(
        "no identity gate",
        f"{_SANCTIONS}/drafts.py",
        'return "conditional" if suspected and kind == "restriction" else kind',
        "return kind",
    ),
    Mutant(
        "weak ends of a tie -> strong",
        f"{_SANCTIONS}/drafts.py",
        "return not (draft.sure and all(ties) and all(network.strong(node) for node in nodes))",
        "return False",
    ),
    Mutant(
        "nobody found responsible -> everybody",
        f"{_SANCTIONS}/reach.py",
        "return arrival if case.network.id(arrival.node) in responsible else None",
        "return arrival",
    ),
    Mutant(
        "no finding of responsibility -> barred",
        f"{_SANCTIONS}/reach.py",
        "return replace(arrival, missing=(*arrival.missing, reach.needs[0]))",
        "return arrival",
    ),
    Mutant(
        "somebody named -> the unnamed asked about too",
        f"{_SANCTIONS}/reach.py",
        "        if people:\n            return\n",
        "",
    ),
    Mutant(
        "an open question spreads to companies",
        f"{_SANCTIONS}/reach.py",
        'if draft.kind != "restriction" or network',
        "if network",
    ),
    Mutant(
        "any kind of subject is walked through",
        f"{_SANCTIONS}/walk.py",
        "if step.kinds and network.kind(node) not in step.kinds:",
        "if not step:",
    ),
    # What stops a rule
    Mutant(
        "what was taken back stands",
        f"{_SANCTIONS}/propagate.py",
        'if self.status != "effective":\n            return []\n        ',
        "",
    ),
    Mutant(
        "no exceptions",
        f"{_SANCTIONS}/conditions.py",
        "if any(each.met(facts) for each in self.unless)",
        "if False",
    ),
    *(
        Mutant(f"negative rule {rule} is gone", f"{_SANCTIONS}/rules/{rule}.yaml")
        for rule in ("R07", "R47", "R50")
    ),
    *(
        Mutant(
            f"R47 forgets: {why}",
            f"{_SANCTIONS}/rules/R47.yaml",
            f"relations: [{relations}]",
            "relations: [guarantor]",
        )
        for why, relations in (
            ("minority shareholders", "shareholder"),
            ("relatives", "relative"),
            ("shared contacts", "shares_phone, shares_address"),
        )
    ),
    Mutant(
        "R47 forgets: officers of another time",
        f"{_SANCTIONS}/rules/R47.yaml",
        "when: other_than_violation",
        "when: as_of",
    ),
    Mutant(
        "R47 forgets: namesakes",
        f"{_SANCTIONS}/rules/R47.yaml",
        "  - why: namesake\n    around: reached\n",
        "",
    ),
    Mutant(
        "R48 forgets the parent",
        f"{_SANCTIONS}/rules/R48.yaml",
        "towards: held\n    when",
        "towards: holders\n    when",
    ),
    # What the reader refuses
    Mutant("three hops", f"{_SANCTIONS}/checks.py", "MAX_HOPS: Final = 2", "MAX_HOPS: Final = 3"),
    Mutant("relatives walked", f"{_SANCTIONS}/checks.py", 'frozenset({"relative"})', "frozenset()"),
    Mutant(
        "measures without a list",
        f"{_SANCTIONS}/checks.py",
        'if measure.class_ != "notice" and not measure.listed:',
        "if not measure:",
    ),
    Mutant("no basis needed", f"{_SANCTIONS}/clauses.py", 'fields.value("bases") == []', "False"),
)


def _survives(mutant: Mutant, root: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("graph", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(root / name, copy / name, ignore=ignored)
        shutil.copy(root / "pyproject.toml", copy)
        _change(mutant, copy / mutant.file)
        # A rule file that is gone is missed by its number too: only the cases count here.
        tests = _CASES if mutant.after is None else (*_CASES, *_UNITS)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        if mutant.after is None:
            command += ["-k", "findings_written_down"]
        return subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode == 0


def _change(mutant: Mutant, file: Path) -> None:
    if mutant.after is None:
        file.unlink()
        return
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")


def main() -> int:
    """Run every mutant; return 1 if one survives."""
    with ThreadPoolExecutor(2) as pool:
        survived = list(pool.map(lambda mutant: _survives(mutant, ROOT), MUTANTS))
    for mutant, alive in zip(MUTANTS, survived, strict=True):
        print(f"{'SURVIVED' if alive else 'killed  '} {mutant.what} ({mutant.file})")
    print(f"{len(MUTANTS) - sum(survived)} of {len(MUTANTS)} killed")
    return int(any(survived))


if __name__ == "__main__":
    sys.exit(main())
