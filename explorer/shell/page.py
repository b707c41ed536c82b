"""The page: header, prompt and tabs around the runs; tabs are given to it, it knows none by name."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer.settings import Settings
from explorer.shell import prompt
from explorer.shell.assets import EXPLORER, FONTS, PLOTLY_ADDRESS, STYLE, address
from explorer.shell.blocks import Blocks
from explorer.shell.controls import Control, Names, names_of, of_choice, of_component
from explorer.shell.document import preloads
from explorer.shell.note import folded, paragraphs
from explorer.shell.prompt import Prompt
from explorer.shell.runs import samples_of
from explorer.shell.view import view
from explorer.theme import scales
from models.catalog import find, offered
from models.translation import _, in_use

LINK_CHARACTERS = 2_000
"""Longer addresses are cut by browsers, mail programs and servers; such a text is left out, and the page says so."""

# What the page itself keeps in its store or in the address.
RESERVED = frozenset({
    *(f"{run}{key}" for run in ("", "other_") for key in ("model", "text", "target", "changes")),
    "main", "other", "pair", "subject", "layer", "head", "kind", "token", "tab", "progress", "typed",
})  # fmt: skip
KINDS = ("decoder", "encoder", "encoder-decoder")


@dataclass(kw_only=True)
class Page:
    """What a tab may use while it is built: the settings, and ways to declare what a visitor can choose.

    `head` is what the document's head asks for, once the page is built.
    """

    settings: Settings
    components: dict[str, Component] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)
    head: str = ""

    def control(self, key: str, component: Component) -> Component:
        """Publish a native control's value to the store as `key`, and keep it in links."""
        self._declare(key, of_component(component))
        self.components[key] = component
        self.names[key] = names_of(component)
        component.change(None, [component], None, js=f"(value) => {{ explorer.control({json.dumps(key)}, value); }}")  # type: ignore[attr-defined]
        return component

    def choice(self, key: str, first: Any, choices: Sequence[str] | None = None, *, of_run: bool = False) -> str:
        """Keep a view's own choice in the store as `key`, and in links; gives the key.

        `of_run`: it is about the text that was run, and is forgotten when another takes its place.
        """
        self._declare(key, of_choice(first, choices, of_run=of_run))
        return key

    def note(self, markdown: str) -> gr.HTML:
        """Fold what to look for, and what it does not prove, behind a "?" at the right end of the headline."""
        return gr.HTML(folded(markdown), apply_default_css=False, elem_classes="note-place")

    def text(self, markdown: str) -> gr.HTML:
        """A note that stands in the open."""
        return gr.HTML(paragraphs(markdown), apply_default_css=False, elem_classes="note")

    def parts(
        self, key: str, parts: Sequence[tuple[str, str, Callable[["Page"], None]]], *, of_both: bool = False
    ) -> None:
        """Tabs inside a tab, each with a name, a title and what builds it; which is open is the choice `key`.

        A script of the tab calls `followParts` (`subtabs.js`), so that a link opens the part it names. `of_both`: they
        stand there while two runs are compared, some or all of the parts that the tab has of one under the same names.
        """
        names = [name for name, _title, _build in parts]
        if not of_both:
            self.choice(key, names[0], names)
        name = f"{key.replace('_', '-')}s{'-of-both' if of_both else ''}"
        with gr.Tabs(elem_id=name, elem_classes="subtabs", overflow_behavior="wrap"):
            for name, title, build in parts:
                with gr.Tab(title, id=name):
                    build(self)

    def drawer(self, label: str) -> gr.Accordion:
        """A drawer for rare controls: `with page.drawer(_("More")):`; it opens over the picture, nothing moves."""
        return gr.Accordion(label, open=False, elem_classes="drawer")

    def _declare(self, key: str, control: Control) -> None:
        if key in self.controls or key in RESERVED or not key.isidentifier():
            raise ValueError(f"A control needs a name of its own, and {key!r} is taken or not a name.")
        self.controls[key] = control


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab, called `name` in links: `question` is read first, `kinds` are the kinds of model it is for.

    `needs` are what a model must have for it, "attention" or "words": without, the tab says in one sentence why not.
    `compare` builds what takes the place of all the rest while two runs are compared.
    """

    name: str
    title: str
    question: str
    order: int
    build: Callable[[Page], None]
    compare: Callable[[Page], None] | None = None
    kinds: Sequence[str] = KINDS
    needs: Sequence[str] = ()


def build_page(settings: Settings, tabs: Sequence[Tab]) -> tuple[gr.Blocks, Page]:
    """Put the page together; nothing is loaded or run before a browser opens it."""
    page = Page(settings=settings)
    with Blocks(title=title(), analytics_enabled=False, fill_width=True) as blocks:
        view("shell/masthead", label=title())
        page.choice("compare_view", "both", ["both", "one"])
        asked = prompt.build(settings)
        view("shell/changes_bar", label=_("Changes to the model"))
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for tab in tabs:
                _tab(tab, page)
        _bridge(page, asked)
    blocks.head = f'<link rel="stylesheet" href="{address()}{STYLE}">'  # by Gradio, so that it comes after Gradio's own
    page.head = head(page, tabs)
    return blocks, page


def title() -> str:
    """What the page is called."""
    return _("Language Model Explorer")


def head(page: Page, tabs: Sequence[Tab]) -> str:
    """What stands in the document's head: what scripts know from the start, and the scripts of the first screen."""
    settings = json.dumps(configuration(page, tabs)).replace("<", "\\u003c")
    start = EXPLORER / "shell" / "start.js"
    first = sorted(Path(str(sys.modules[tabs[0].build.__module__].__file__)).parent.glob("*.js")) if tabs else ()
    return "".join(
        [
            f'<script type="application/json" id="explorer-configuration">{settings}</script>',
            f'<script type="module" src="{address()}shell/start.js"></script>',
            preloads([start], [*sorted(start.parent.glob("*.js")), *first]),
            f'<link rel="preload" as="style" href="{address()}{STYLE}">',
            *(
                f'<link rel="preload" as="font" type="font/woff2" href="{address()}{font}" crossorigin>'
                for font in FONTS
            ),
        ]
    )


def configuration(page: Page, tabs: Sequence[Tab]) -> dict[str, Any]:
    """The page's constants, for scripts."""
    language, first = in_use(), find(page.settings.model)
    usual = first.name if first else page.settings.model
    return {
        "controls": page.controls,
        "names": page.names,
        "tabs": [{"name": tab.name, "kinds": list(tab.kinds), "needs": list(tab.needs)} for tab in tabs],
        "hosted": page.settings.mode == "hosted",
        "model": usual,
        "here": [*{usual, *(entry.name for entry in offered() if entry.bundled)}],
        "kinds": {entry.name: entry.kind for entry in offered()},
        "about": {entry.name: prompt.about(entry) for entry in offered()},
        "samples": {entry.name: samples_of(entry.name, entry.kind) for entry in offered()},
        "linkCharacters": LINK_CHARACTERS,
        **scales(),
        "language": str(language.locale).replace("_", "-"),
        "sentences": {english: list(forms) for english, forms in language.sentences.items()},
        "assets": address(),
        "plotly": PLOTLY_ADDRESS,
    }


def _tab(tab: Tab, page: Page) -> None:
    with gr.Tab(tab.title, id=tab.name, elem_id=f"tab-{tab.name}") as item:
        gr.HTML(f"<h2>{escape(tab.question)}</h2>", elem_classes="question", apply_default_css=False)
        if tab.needs:
            view("shell/closed", label=_("Why there is nothing to see"), tab=tab.name)
        tab.build(page)
        if tab.compare:
            with gr.Column(elem_classes="both-sides", min_width=0):
                tab.compare(page)
        view("shell/save", label=_("Save"))
    item.select(None, None, None, js=f"() => {{ explorer.tab({json.dumps(tab.name)}); }}")


def _bridge(page: Page, asked: Prompt) -> None:
    """Let scripts set native controls and boxes: the values go through the browser alone."""
    keys = list(page.components)
    bridge = view("shell/bridge", label=_("Controls"), events=("controls", "prompt"), keys=keys)
    bridge.controls(None, [bridge], list(page.components.values()), js="(value) => value.controls")
    bridge.prompt(None, [bridge], [asked.model, asked.text, asked.target], js="(value) => value.prompt")
