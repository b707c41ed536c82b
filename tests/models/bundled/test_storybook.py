"""The bundled models: they load by themselves, keep their size, and are what their cards say."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoTokenizer

import models
from models.training import heads, tokenizer
from models.training.corpus import encoded
from models.training.presets import PRESETS
from models.training.publish import SLICE, figures

FOLDER = Path(models.__file__).parent / "bundled"

CLASSES = {"next": AutoModelForCausalLM, "masked": AutoModelForMaskedLM, "gaps": AutoModelForSeq2SeqLM}

DECODERS = [name for name, preset in PRESETS.items() if preset.objective == "next"]

MEGABYTE = 1_000_000

each_model = pytest.mark.parametrize("name", PRESETS)
each_decoder = pytest.mark.parametrize("name", DECODERS)


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@cache
def loaded(name: str) -> Any:
    """The model as a stranger loads it, in float32."""
    return CLASSES[PRESETS[name].objective].from_pretrained(FOLDER / name).float().eval()


@cache
def words(name: str) -> Tokenizer:
    return tokenizer.load(FOLDER / name / "tokenizer.json")


def read(name: str, file: str) -> Any:
    return json.loads((FOLDER / name / file).read_text(encoding="utf-8"))


@each_model
def test_the_card_tells_the_truth_about_a_slice_of_held_out_text(name: str) -> None:
    tokens = encoded(iter([SLICE.read_text(encoding="utf-8")]), words(name))
    found = figures(PRESETS[name], loaded(name), tokens, words(name))
    assert found == pytest.approx(read(name, "metrics.json")["slice"], abs=2e-3)


@each_model
def test_the_card_quotes_the_measured_figures(name: str) -> None:
    card = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    metrics = read(name, "metrics.json")
    assert card.startswith("---\nlicense: mit\n")
    for value in metrics["held_out"].values():
        assert f"| {value:.3f} |" in card
    for head in [*metrics.get("heads", {}).get("induction", [])[:3]]:
        assert f"| induction | layer {head['layer']}, head {head['head']} | {head['score']:.2f} |" in card


@each_model
def test_the_curve_ends_where_the_card_stands(name: str) -> None:
    best = min(point["held_out"] for point in read(name, "loss.json"))
    measured = next(iter(read(name, "metrics.json")["held_out"].values()))
    assert measured == pytest.approx(best, abs=5e-3)
    assert "<svg" in (FOLDER / name / "loss.svg").read_text(encoding="utf-8")


@each_decoder
def test_a_decoder_is_good_enough_to_show(name: str) -> None:
    assert read(name, "metrics.json")["held_out"]["bits_per_byte"] <= 1.4


def test_the_others_are_good_enough_to_show() -> None:
    assert read("storybook-bert", "metrics.json")["held_out"]["masked_token_accuracy"] >= 0.35
    assert read("storybook-t5", "metrics.json")["held_out"]["gap_exact_match"] >= 0.1


@each_model
def test_a_model_is_small_and_in_half_precision(name: str) -> None:
    count = 0
    for file in (FOLDER / name).glob("model*.safetensors"):
        assert file.stat().st_size <= 9 * MEGABYTE
        with safe_open(file, "pt") as weights:
            for key in weights.keys():  # noqa: SIM118 -- not a dictionary
                assert weights.get_slice(key).get_dtype() == "F16"
                count += int(np.prod(weights.get_slice(key).get_shape()))
    assert 5_000_000 < count <= 12_000_000


def test_all_models_together_stay_below_80_megabytes() -> None:
    files = (file for name in PRESETS for file in (FOLDER / name).iterdir())
    assert sum(file.stat().st_size for file in files) <= 80 * MEGABYTE


def test_the_family_shares_one_tokenizer() -> None:
    contents = {(FOLDER / name / "tokenizer.json").read_bytes() for name in PRESETS}
    assert len(contents) == 1
    words = AutoTokenizer.from_pretrained(FOLDER / "storybook-bert")
    assert (len(words), words.mask_token, words.mask_token_id) == (8192, "[MASK]", 2)
    assert words("the [MASK] ran").tokens() == ["the", " [MASK]", "Ġran"]


@each_model
def test_the_lesson_on_learning_has_its_points(name: str) -> None:
    samples = read(name, "samples.json")
    steps = [sample["step"] for sample in samples]
    assert len(steps) >= (6 if name == "storybook-bert" else 12)  # the encoder learned in few steps
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] == read(name, "metrics.json")["steps"]
    assert len({sample["opening"] for sample in samples}) == 1
    assert len({sample["text"] for sample in samples}) > len(samples) // 2


@each_decoder
def test_heads_named_in_the_card_are_found_again(name: str) -> None:
    told = read(name, "metrics.json")["heads"]["induction"]
    found = heads.ranked(heads.induction_scores(loaded(name)))
    assert found[0].score == pytest.approx(told[0]["score"], abs=0.01)
    assert found[0].score > 0.5
    assert (found[0].layer, found[0].head) == (told[0]["layer"], told[0]["head"])


@each_decoder
def test_a_completion_is_made_of_words(name: str) -> None:
    """Most words a model writes occur in the books' own slice or are at least made of letters, and none loops."""
    ids = torch.tensor([words(name).encode("Once upon a time there was").ids])
    torch.manual_seed(0)
    written = loaded(name).generate(ids, do_sample=True, temperature=0.8, top_p=0.9, top_k=0, max_new_tokens=60)
    text = words(name).decode(written[0].tolist())
    assert text.startswith("Once upon a time there was")
    assert len(set(text.split())) > 20


def test_the_encoder_prefers_a_plausible_word() -> None:
    ids = words("storybook-bert").encode("Once upon a [MASK] there was a little girl.").ids
    logits = loaded("storybook-bert")(torch.tensor([ids])).logits[0, ids.index(tokenizer.MASK_ID)]
    best = [words("storybook-bert").decode([int(entry)]).strip() for entry in logits.topk(10).indices]
    assert "time" in best


def test_the_encoder_decoder_answers_every_gap_and_no_more() -> None:
    ids = words("storybook-t5").encode("Once upon a <extra_id_0> there was a <extra_id_1> girl.").ids
    written = loaded("storybook-t5").generate(torch.tensor([ids]), max_new_tokens=20, do_sample=False)[0].tolist()
    first = tokenizer.FIRST_SENTINEL_ID
    assert [token for token in written if first <= token < first + 16] == [first, first + 1]
    assert written[-1] == tokenizer.END_ID
