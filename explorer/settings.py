"""Settings of the app: `EXPLORER_*` environment variables and command-line options, one list for both."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _usual_mode() -> Literal["local", "hosted"]:
    return "hosted" if os.environ.get("SPACE_ID") else "local"


def _usual_embed() -> tuple[str, ...]:
    return ("https://huggingface.co", "https://*.hf.space") if os.environ.get("SPACE_ID") else ()


class Settings(BaseSettings):
    """What may differ between one place the app runs in and another."""

    model_config = SettingsConfigDict(
        env_prefix="EXPLORER_",
        frozen=True,
        cli_prog_name="app.py",
        cli_kebab_case=True,
        cli_avoid_json=True,
        cli_hide_none_type=True,
        extra="ignore",
    )

    mode: Literal["local", "hosted"] = Field(
        default_factory=_usual_mode,
        description="local: any Hub id or folder; hosted: the catalogue only (default on a Space)",
    )
    hosts: tuple[str, ...] = Field(
        default=(), description='names local mode answers to beside its own, as JSON: ["lab.example"]; ["*"] is any'
    )
    embed: tuple[str, ...] = Field(
        default_factory=_usual_embed,
        description="addresses whose pages may show this one in a frame, as JSON (default on a Space: the Hub's)",
    )
    model: str = Field(default="storybook", min_length=1, description="model the page opens with")
    device: str | None = Field(
        default=None, description="auto, cpu, cuda, cuda:1, mps, xpu (default: the best there is)"
    )
    precision: Literal["float32", "bfloat16", "float16"] | None = Field(
        default=None, description="number format of the weights (default: bfloat16 on a GPU, else float32)"
    )
    model_memory: float | None = Field(
        default=None, gt=0, description="GiB of models kept (default: a third of the memory)"
    )
    trace_memory: float | None = Field(
        default=None, gt=0, description="GiB of traces kept (default: an eighth of the memory)"
    )
    characters: int = Field(default=20_000, ge=100, description="longest text accepted, in characters")
    tokens: int = Field(default=4_096, ge=16, description="longest text run at once, in tokens")
    run_memory: float | None = Field(
        default=None,
        gt=0,
        description="GiB one run may take, as estimated before it (default: an eighth of the memory)",
    )
    queue: int = Field(default=128, ge=1, description="runs that may wait; one more is told to come back later")
    workers: int = Field(default=4, ge=1, description="runs worked on at once")
    cache: Path | None = Field(
        default=None, description="folder for computed projections (default: the user's cache folder)"
    )
    language: str = Field(default="en", description="language of the page; each is a file of models/locales")
