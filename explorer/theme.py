"""The look: Gradio's theme and the two colour scales every picture uses."""

from collections.abc import Sequence

import gradio as gr
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray
from plotly.colors import diverging, hex_to_rgb, sequential, unlabel_rgb

ACCENT = "indigo"


def theme() -> gr.themes.Base:
    """One accent colour, the fonts that Gradio ships; contrast passes WCAG AA in light and dark."""
    return gr.themes.Default(primary_hue=ACCENT, neutral_hue="slate", text_size="md", radius_size="md").set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="white",
        slider_color="*primary_600",
        body_background_fill="*neutral_50",
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


def sequential_scale() -> UInt8[ndarray, "256 3"]:
    """From none (dark blue) to most (yellow): cividis, made to look the same to colour-blind readers.

    Nuñez, Anderton and Renslow (2018), "Optimizing colormaps with consideration for color vision deficiency".
    """
    return _scale(sequential.Cividis)


def diverging_scale() -> UInt8[ndarray, "256 3"]:
    """From negative (purple) over zero (white) to positive (orange): ColorBrewer's colour-blind safe PuOr."""
    return _scale(diverging.PuOr[::-1])


def plotly_scale(scale: UInt8[ndarray, "256 3"]) -> list[list[float | str]]:
    """The same scale as a Plotly `colorscale`, every eighth colour."""
    stops = [*range(0, 255, 8), 255]
    return [[index / 255, "rgb({},{},{})".format(*scale[index])] for index in stops]


def _scale(colours: Sequence[str]) -> UInt8[ndarray, "256 3"]:
    stops = np.array([_rgb(colour) for colour in colours], dtype=np.float64)
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, np.arange(len(stops)), channel) for channel in stops.T]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = hex_to_rgb(colour) if colour.startswith("#") else unlabel_rgb(colour)
    return float(red), float(green), float(blue)
