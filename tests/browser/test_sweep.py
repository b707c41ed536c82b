"""The Sweep part of What if?: three pictures of real runs, a headline that is one of their cells, keys, and files."""

import csv
from typing import Any

import numpy as np
from playwright.sync_api import Page

from models import load
from models.sweeps.pair import pair_of
from models.sweeps.sweep import sweep
from tests.browser.conftest import OpenPage, saved, settled

CLEAN, OTHER = "The old man shook", "The old little woman shook"


def swept(open_page: OpenPage, **asked: Any) -> Page:
    page = open_page({"tab": "experiment", "experiment_view": "sweep", "model": "storybook", **asked})
    page.wait_for_function("document.querySelector('.view-sweep [data-do=stop]').hidden")
    settled(page)
    return page


def test_the_pictures_are_the_engines_and_a_cell_is_chosen_by_keys_and_saved(open_page: OpenPage) -> None:
    page = swept(open_page, sweep_text=CLEAN, sweep_other=OTHER)
    model = load("storybook", device="cpu")
    pair = pair_of(model, model.trace(CLEAN), model.trace(OTHER))
    found = {name: sweep(model, pair, "residual", name).values for name in ("denoise", "noise", "control")}
    with saved(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert len(rows) == sum(values.size for values in found.values())
    for name, values in found.items():
        told = [row for row in rows if row["picture"].lower() == name]
        shown = np.full(values.shape, np.nan)
        for one in told:
            if one["value"]:
                shown[int(one["row"]), int(one["column"])] = float(one["value"])
        np.testing.assert_allclose(shown, values, atol=1e-3)
    hatched = page.locator("[data-direction=denoise] .sweep-cell[data-none]")
    assert hatched.count() == int(np.isnan(found["denoise"]).sum()) > 0
    headline = page.locator(".headline:visible").inner_text()
    chosen = page.locator("[data-direction=denoise] .sweep-cell[aria-selected=true]")
    row, column = (int(chosen.get_attribute(f"data-{name}") or -1) for name in ("row", "column"))
    assert f"{round(100 * float(found['denoise'][row, column]))} %" in headline
    assert "“his”" in headline
    chosen.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("(cell) => explorer.state.sweep_cell === cell", arg=f"{row - 1}.{column}")
    assert page.evaluate("document.activeElement.dataset.row") == str(row - 1)
    page.wait_for_function("location.search.includes('sweep_cell=')")


def test_texts_that_lead_to_the_same_are_refused_in_a_sentence(open_page: OpenPage) -> None:
    page = open_page({"tab": "experiment", "experiment_view": "sweep", "sweep_text": CLEAN, "sweep_other": CLEAN})
    page.get_by_text("there is no difference to restore").wait_for()
    assert page.locator(".sweep-cell").count() == 0
