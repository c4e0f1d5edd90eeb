"""Estimates from samples agree with R survey 4.1-1 on its California schools (data(api)).

R's designs: srs = svydesign(id = ~1, fpc = ~fpc), strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc),
clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc). R's printed intervals use the normal quantile and ours t with the
design's degrees of freedom, so the standard errors are compared, and the bounds only where R uses t (svyciprop).
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from metrics.stats.survey import SurveyDesign, post_stratify, rake
from metrics.stats.survey_change import PanelWave, panel_change

VECTORS = Path(__file__).parent / "vectors" / "survey"
EXPECTED = json.loads((VECTORS / "api_expected.json").read_text())


def schools(name):
    rows = list(csv.DictReader((VECTORS / f"{name}.csv").read_text().splitlines()))
    table = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return table | {key: table[key].astype(float) for key in ("api00", "api99", "enroll", "pw", "fpc")}


SRS, STRAT, CLUS1 = schools("apisrs"), schools("apistrat"), schools("apiclus1")
POPULATION, MARGINS = EXPECTED["poststrat"]["population"], EXPECTED["rake"]["margins"]


def designs():
    clusters = SurveyDesign(CLUS1["pw"], clusters=CLUS1["dnum"], population=CLUS1["fpc"])
    endless = SurveyDesign(CLUS1["pw"], clusters=CLUS1["dnum"])
    return {
        "srs": (SurveyDesign(SRS["pw"], population=SRS["fpc"]), SRS),
        "strat": (SurveyDesign(STRAT["pw"], strata=STRAT["stype"], population=STRAT["fpc"]), STRAT),
        "strat_nofpc": (SurveyDesign(STRAT["pw"], strata=STRAT["stype"]), STRAT),
        "clus1": (clusters, CLUS1),
        "clus1_poststrat": (post_stratify(clusters, CLUS1["stype"], POPULATION), CLUS1),
        "clus1_poststrat_nofpc": (post_stratify(endless, CLUS1["stype"], POPULATION), CLUS1),
        "clus1_rake": (
            rake(clusters, [(CLUS1["stype"], MARGINS["stype"]), (CLUS1["sch.wide"], MARGINS["sch_wide"])]),
            CLUS1,
        ),
    }


DESIGNS = designs()
MEANS = {"strat_api00_nofpc": "strat_nofpc", "clus1_poststrat_nofpc_api00": "clus1_poststrat_nofpc"}


@pytest.mark.parametrize("name", EXPECTED["svymean"])
def test_means_and_their_errors_are_those_of_svymean(name):
    design, table = DESIGNS[MEANS.get(name, name.removesuffix("_api00"))]
    found, wanted = design.mean(table["api00"]), EXPECTED["svymean"][name]
    assert (found.value, found.se) == pytest.approx(
        (wanted["est"][0], wanted["se"][0]), rel=1e-6 if "rake" in name else 1e-7
    )
    half = stats.t.ppf(0.975, design.degrees_of_freedom) * found.se
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))


@pytest.mark.parametrize("name", EXPECTED["svytotal"])
def test_totals_and_their_errors_are_those_of_svytotal(name):
    design, table = DESIGNS[name.removesuffix("_enroll")]
    found, wanted = design.total(table["enroll"]), EXPECTED["svytotal"][name]
    assert (found.value, found.se) == pytest.approx(
        (wanted["est"][0], wanted["se"][0]), rel=1e-6 if "rake" in name else 1e-7
    )


@pytest.mark.parametrize("method", ["logit", "beta"])
@pytest.mark.parametrize(
    ("name", "design", "question"),
    [("prop_strat_schwide_yes", "strat", "sch.wide"), ("prop_clus1_comp_imp_yes", "clus1", "comp.imp")],
)
def test_shares_and_their_bounds_are_those_of_svyciprop(name, design, question, method):
    drawn, table = DESIGNS[design]
    found, wanted = drawn.share(table[question] == "Yes", method), EXPECTED[name][method]
    assert (found.value, found.low, found.high) == pytest.approx(
        (wanted["est"], wanted["lower"], wanted["upper"]), rel=2e-6
    )


def test_post_stratified_weights_are_those_of_r():
    weights = DESIGNS["clus1_poststrat"][0].weights
    for group, wanted in EXPECTED["poststrat"]["weights_by_stype"].items():
        assert weights[CLUS1["stype"] == group] == pytest.approx(wanted, rel=1e-8)


def test_raked_weights_and_what_they_are_worth_are_those_of_r():
    design, wanted = DESIGNS["clus1_rake"][0], EXPECTED["rake"]
    for cell, weight in wanted["weights_by_cell"].items():
        rows = (CLUS1["stype"] == cell.split()[0]) & (CLUS1["sch.wide"] == cell.split()[1])
        assert design.weights[rows] == pytest.approx(weight, rel=1e-6)
    assert design.mean(CLUS1["api00"]).effective_n == pytest.approx(wanted["raked_weights_kish"]["n_eff"], rel=1e-6)


def test_a_group_is_asked_about_without_losing_the_design():
    """R: svyby(~api00, ~stype, strat, svymean)."""
    design, table = DESIGNS["strat"]
    for wanted in EXPECTED["subgroup_by_stype"].values():
        found = design.mean(np.where(table["stype"] == wanted["stype"], table["api00"], np.nan))
        assert (found.value, found.se) == pytest.approx((wanted["api00"], wanted["se"]), rel=1e-7)


def test_a_panel_s_change_is_the_mean_of_its_differences():
    """R: svymean(~I(api00 - api99), strat)."""
    design, table = DESIGNS["strat"]
    found, wanted = design.mean(table["api00"] - table["api99"]), EXPECTED["change_api99_api00_paired"]
    assert (found.value, found.se) == pytest.approx((wanted["est"][0], wanted["se"][0]), rel=1e-7)


@pytest.mark.parametrize("name", [name for name, wanted in EXPECTED["svymean"].items() if "deff" in wanted])
def test_design_effects_are_those_of_svymean(name):
    """R: svymean(~api00, design, deff = TRUE)."""
    design, table = DESIGNS[MEANS.get(name, name.removesuffix("_api00"))]
    assert design.mean(table["api00"]).design_effect == pytest.approx(EXPECTED["svymean"][name]["deff"][0], rel=1e-7)


def test_the_paired_change_is_a_panel_s():
    design, table = DESIGNS["strat"]
    before, after = (
        PanelWave("Academic Performance Index", table["cds"], table[y], design) for y in ("api99", "api00")
    )
    found, wanted = panel_change(before, after), EXPECTED["change_api99_api00_paired"]
    assert (found.value, found.se) == pytest.approx((wanted["est"][0], wanted["se"][0]), rel=1e-7)
    assert found.degrees_of_freedom == EXPECTED["degf"]["strat"]


def test_effective_sizes_and_degrees_of_freedom_are_those_of_r():
    strat, clus1 = DESIGNS["strat"][0], DESIGNS["clus1"][0]
    assert (strat.degrees_of_freedom, clus1.degrees_of_freedom) == (
        EXPECTED["degf"]["strat"],
        EXPECTED["degf"]["clus1"],
    )
    for worth, kish in (
        (strat.mean(STRAT["api00"]).effective_n, EXPECTED["kish_strat"]),
        (DESIGNS["clus1_rake"][0].mean(CLUS1["api00"]).effective_n, EXPECTED["rake"]["raked_weights_kish"]),
    ):
        assert kish["n"] / worth == pytest.approx(kish["deff_kish"], rel=1e-6)
    assert strat.weights.sum() == pytest.approx(EXPECTED["kish_strat"]["sum_w"], rel=1e-10)
    assert strat.mean(STRAT["api00"]).effective_n == pytest.approx(EXPECTED["kish_strat"]["n_eff"], rel=1e-7)
