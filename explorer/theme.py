"""The look: Gradio's theme and the two colour scales every picture uses.

Two hues have two meanings: indigo looks, amber says (`explorer/web/common.css` has them as CSS variables).
"""

from collections.abc import Sequence

import gradio as gr
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray
from plotly.colors import diverging, hex_to_rgb, unlabel_rgb

ACCENT = "indigo"
FONTS = ("Source Sans Pro", "ui-sans-serif", "system-ui", "sans-serif")
LIGHT_INDIGO = ("#f7f7fe", "#d3d6fb", "#a3a5f5", "#6d66ea", "#4530c4", "#1e1467")
DARK_INDIGO = ("#141b31", "#2b2d6b", "#4a45b8", "#7d7cf2", "#bcc0ff", "#fbfaff")
LIGHT_AMBER = ("#ffffff", "#ffefcc", "#ffd98f", "#fbb938")
DARK_AMBER = ("#141b31", "#3b2d10", "#6d4f12", "#9a6d12")
DARK_PURPLE_ORANGE = ("#dcd0ff", "#a690f0", "#6a54b8", "#3a3270", "#141b31", "#5c3d12", "#a06a16", "#e29a2e", "#ffdca6")


def theme() -> gr.themes.Base:
    """One accent colour; contrast passes WCAG AA in light and dark. `explorer/web/common.css` has the fonts."""
    return gr.themes.Default(primary_hue=ACCENT, neutral_hue="slate", text_size="md", radius_size="md", font=FONTS).set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="white",
        slider_color="*primary_600",
        body_background_fill="#fafaff",
        body_background_fill_dark="#0c1122",
        block_background_fill_dark="#141b31",
        background_fill_primary_dark="#141b31",
        background_fill_secondary_dark="#0c1122",
        input_background_fill_dark="#141b31",
        block_shadow="none",
        block_border_color="*neutral_200",
        block_label_text_color="*neutral_700",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
    )


def sequential_stops(*, dark: bool = False) -> UInt8[ndarray, "stop 3"]:
    """From nothing (the colour of the page) to most: one hue, its lightness going one way, so that every eye sees it.

    Between the stops colours are interpolated, see `sequential_scale`.
    """
    return _stops(DARK_INDIGO if dark else LIGHT_INDIGO)


def diverging_stops(*, dark: bool = False) -> UInt8[ndarray, "stop 3"]:
    """From negative (purple) over zero (the colour of the page) to positive (orange).

    On a light page ColorBrewer's colour-blind safe PuOr (Harrower and Brewer 2003, "ColorBrewer.org"); on a dark one
    the same hues around a dark zero.
    """
    return _stops(DARK_PURPLE_ORANGE if dark else diverging.PuOr[::-1])


def saying_stops(*, dark: bool = False) -> UInt8[ndarray, "stop 3"]:
    """From the colour of a card to amber, for words the model says: the text on it keeps its ink."""
    return _stops(DARK_AMBER if dark else LIGHT_AMBER)


def scales() -> dict[str, dict[str, list[list[int]]]]:
    """The stops of every scale on a light and on a dark page, as scripts read them."""
    kinds = {"sequential": sequential_stops, "diverging": diverging_stops, "saying": saying_stops}
    return {
        name: {theme: stops(dark=theme == "dark").tolist() for theme in ("light", "dark")}
        for name, stops in kinds.items()
    }


def sequential_scale(*, dark: bool = False) -> UInt8[ndarray, "256 3"]:
    """The 256 colours from nothing to most."""
    return _scale(sequential_stops(dark=dark))


def diverging_scale(*, dark: bool = False) -> UInt8[ndarray, "256 3"]:
    """The 256 colours from negative over zero to positive."""
    return _scale(diverging_stops(dark=dark))


def plotly_scale(scale: UInt8[ndarray, "256 3"]) -> list[list[float | str]]:
    """The same scale as a Plotly `colorscale`, every eighth colour."""
    stops = [*range(0, 255, 8), 255]
    return [[index / 255, "rgb({},{},{})".format(*scale[index])] for index in stops]


def _scale(stops: UInt8[ndarray, "stop 3"]) -> UInt8[ndarray, "256 3"]:
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, np.arange(len(stops)), channel) for channel in stops.T]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def _stops(colours: Sequence[str]) -> UInt8[ndarray, "stop 3"]:
    return np.array([_rgb(colour) for colour in colours]).round().astype(np.uint8)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = hex_to_rgb(colour) if colour.startswith("#") else unlabel_rgb(colour)
    return float(red), float(green), float(blue)
