"""What somebody waits for who asks what is inside: the grid of Layers on a warm run, the neurons that write a word."""

import statistics

from tests.benchmarks.client import call
from tests.benchmarks.table import Row
from tests.benchmarks.visiting import SETTLED, chromium, page_of, picture, server, visitor

ROUNDS = 9
TEXT = "The wolf knocked at the door of house number {number}. The wolf knocked at the"
WORDS = ("king", "wolf", "door", "castle", "water", "mother", "forest")
# From the click on the tab to the frame after its grid has a column for every token, in milliseconds.
PAINT = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const drawn = () => document.querySelector(".view-layers")?.closest("[data-drawn]")?.dataset.drawn ?? "0";
  const [before, start] = [drawn(), performance.now()];
  [...document.querySelectorAll("#tabs [role=tab]")].find((tab) => tab.textContent.trim() === "Layers").click();
  while (drawn() === before || !document.querySelector(".layers-list .guess")) await frame();
  await frame();
  return performance.now() - start;
}"""


def layers() -> list[Row]:
    """From the click on Layers to its painted grid and list; the run is there, no lens has been asked for."""
    with server() as app, chromium() as browser:
        page = page_of(visitor(browser))
        picture(page, f"{app.url}?tab=overview")
        taken = []
        for number in range(ROUNDS + 1):  # the first loads the tab's scripts
            page.get_by_label("Text", exact=True).fill(TEXT.format(number=number))
            page.get_by_role("button", name="Run", exact=True).click()
            page.wait_for_function(f"explorer.state.main.text.includes('number {number}.') && {SETTLED}")
            taken.append(page.evaluate(PAINT) / 1000)
            page.wait_for_function(SETTLED)
            page.get_by_role("tab", name="Overview", exact=True).click()
    first, later = taken[0], taken[1:]
    middle = statistics.median(later)
    return [
        Row(
            what="Layers painted after asking, warm run",
            goal="≤ 0.5 s",
            figure=f"{middle:.2f} s (at most {max(later):.2f} s; the first time, with its scripts, {first:.2f} s)",
            met=middle <= 0.5,
        )
    ]


def neurons() -> list[Row]:
    """`/neurons` over HTTP: the first word makes the maps of every layer, the others are looked up in them."""
    with server() as app:
        list(call(app.url, "next_token", ["storybook", TEXT.format(number=0)]))  # the model is there
        taken = [list(call(app.url, "neurons", ["storybook", word, 20]))[-1] for word in WORDS]
    later = taken[1:]
    return [
        Row(
            what="which neurons write a word, all layers of storybook, over HTTP",
            goal="≤ 1 s",
            figure=f"{statistics.median(later):.2f} s (at most {max(later):.2f} s; the first word {taken[0]:.2f} s)",
            met=max(taken) <= 1,
        )
    ]
