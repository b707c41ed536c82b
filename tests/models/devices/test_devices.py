"""The same numbers on any device: on the GPU there is (`pytest -m gpu`), and everywhere on one that is pretended.

The pretended device refuses what a GPU refuses, so that what mixes devices is noticed without one (`tests.pretended`).
"""

from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
import pytest
import torch

from models import load
from models.attribution.names import Method
from models.errors import InputError
from models.lenses.grid import lens_grid
from models.loading import devices
from models.projection.methods import ProjectionSettings, principal_components
from models.vectors.similarity import Vectors
from tests import pretended
from tests.models.devices import checks
from tests.models.families import FAMILIES, text_of

# One of each way of attending and of taking apart; all of them on a GPU.
FEW = (
    "gpt2", "llama", "gemma2", "gpt_oss", "mistral, sliding", "bloom", "deepseek_v3", "bert", "deberta-v2", "t5",
)  # fmt: skip
PRECISIONS = (torch.float32, torch.bfloat16)
gpu = pytest.mark.gpu


@pytest.fixture(
    scope="module", params=[pytest.param("pretended", marks=pytest.mark.pretended), pytest.param("gpu", marks=gpu)]
)
def device(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "gpu":
        found = checks.gpu()
        if found is None:
            pytest.skip("PyTorch sees no GPU on this machine")
        yield found
        return
    if pretended.compiler() is None:
        pytest.skip("the pretended device needs a C++ compiler: apt-get install g++")
    yield pretended.register()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No network stays on the device when a test is over."""
    yield
    if checks.placed.cache_info().currsize > 8:
        checks.placed.cache_clear()


@pytest.mark.parametrize("case", FEW)
def test_a_family_computes_there_what_transformers_computes_there(case: str, device: str) -> None:
    checks.check_family(case, device, torch.float32)


@gpu
@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
def test_every_family_computes_on_a_gpu_what_transformers_computes_there(precision: torch.dtype) -> None:
    device = checks.gpu()
    if device is None:
        pytest.skip("PyTorch sees no GPU on this machine")
    wrong = {}
    for case in FAMILIES:
        try:
            checks.check_family(case, device, precision)
        except (AssertionError, RuntimeError) as error:
            wrong[case] = str(error)
    assert not wrong


@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
@pytest.mark.parametrize("case", ["gpt2", "llama"])
def test_changes_lenses_sums_and_seeds_hold_there(case: str, precision: torch.dtype, device: str) -> None:
    checks.check_family(case, device, precision)
    checks.check_changes(case, device, precision)
    checks.check_lens(case, device, precision)
    checks.check_sums(case, device, precision)
    checks.check_seeds(case, device, precision)


def test_the_bundled_model_says_there_what_it_says_on_the_processor(device: str) -> None:
    checks.check_bundled(device)


@pytest.mark.parametrize("method", get_args(Method))
def test_every_attribution_is_computed_there(method: str, device: str) -> None:
    case = "t5" if method == "source" else "gpt2"
    there, here = (checks.placed(case, place, torch.float32) for place in (device, "cpu"))
    target = text_of(checks.WRITTEN) if case == "t5" else ""
    found = [model.trace(text_of(7), target).attribution(method, steps=8) for model in (there, here)]
    checks.near(found[0].values, torch.tensor(found[1].values), 1e-3, method)


def test_a_lens_grid_is_computed_there(device: str) -> None:
    found = []
    for place in (device, "cpu"):
        model = checks.placed("llama", place, torch.float32)
        found.append(lens_grid(model, model.trace(text_of(9))))
    checks.near(found[0].kl, torch.tensor(found[1].kl), 1e-3, "divergences of the lens")
    assert (found[0].ids == found[1].ids).all()


def test_principal_components_are_computed_there(device: str) -> None:
    rows = np.random.default_rng(0).standard_normal((300, 20)).astype(np.float32) + 5
    there, here = (principal_components(Vectors(rows, place), ProjectionSettings()) for place in (device, "cpu"))
    checks.near(there.points, torch.tensor(here.points), 1e-4, "principal components")
    checks.near(there.explained, torch.tensor(here.explained), 1e-4, "explained variance")


@pytest.mark.parametrize("case", ["llama", "gpt2", "t5"])
def test_a_network_spread_over_two_devices_computes_the_same(case: str, device: str) -> None:
    if devices.count_of(device) < 2:
        pytest.skip("this machine has one GPU only")
    checks.check_spread(case, device)


def test_the_device_can_be_asked_for_and_is_named(device: str) -> None:
    assert devices.choose_device(device) == device
    with pytest.raises(InputError, match="no device"):
        devices.choose_device(f"{device}:9")
    assert load("storybook", device=device, precision="float32").device == device


def test_the_pretended_device_refuses_what_a_gpu_refuses() -> None:
    """Without this the tests above would show nothing."""
    if pretended.compiler() is None:
        pytest.skip("the pretended device needs a C++ compiler: apt-get install g++")
    there: Any = torch.ones(2, 2, device=pretended.register())
    with pytest.raises(RuntimeError, match="same device"):
        there @ torch.ones(2, 2)
    with pytest.raises(TypeError, match="cpu"):
        there.numpy()
    with pytest.raises(RuntimeError, match="double"):
        there.double()
