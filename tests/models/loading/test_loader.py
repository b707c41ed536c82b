"""Any model by name, Hub id or folder, or one sentence why not; nothing pickled is read and no stranger's code runs."""

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from huggingface_hub import constants
from transformers import (
    AutoModelForCausalLM,
    BertConfig,
    BertForMaskedLM,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    T5Config,
    T5EncoderModel,
    T5ForConditionalGeneration,
)

from models import catalog
from models.catalog import Entry
from models.engine.pool import Pool
from models.errors import (
    CorruptModel,
    GatedModel,
    InputError,
    ModelError,
    Offline,
    PromptTooLong,
    RemoteCode,
    TooLarge,
    UnknownModel,
    UnsafeWeights,
    Unsupported,
)
from models.loading import devices
from models.loading import loader as loading
from models.loading.hub import id_of
from models.loading.loader import load
from tests.models.loading.hub_on_the_spot import SHA, Hub, serving
from tests.models.text import tokenizers_on_the_spot as spot

SHAPE: dict[str, Any] = {"n_positions": 64, "n_embd": 16, "n_layer": 2, "n_head": 2}
BERT: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}


def save(network: Any, tokenizer: Any, folder: Path, **options: Any) -> Path:
    network.save_pretrained(folder, **options)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = spot.byte_level()
    network = GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), **SHAPE))
    return save(network, tokenizer, tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A good model's folder, to be damaged."""
    return Path(shutil.copytree(original, tmp_path / "tiny"))


@pytest.fixture
def hub(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving(Hub({"someone/tiny": folder})) as served:
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # this one is on the machine
        monkeypatch.setattr(constants, "ENDPOINT", served.url)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", served.url + "/{repo_id}/resolve/{revision}/{filename}"
        )
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield served


def bundle(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Makes the folder the bundled model of a catalogue of two."""
    monkeypatch.setattr(catalog, "BUNDLED", folder.parent)
    here = Entry(
        name="storybook",
        source=folder.name,
        family="gpt2",
        kind="decoder",
        licence="MIT",
        good_for="tests",
        bundled=True,
    )
    far = Entry(
        name="gpt2", source="openai-community/gpt2", family="gpt2", kind="decoder", licence="MIT", good_for="tests"
    )
    monkeypatch.setattr(catalog, "entries", lambda: (here, far))


def refusal(kind: type[ModelError], name: str | Path, **options: Any) -> str:
    """The sentence a load is refused with."""
    with pytest.raises(ModelError) as caught:
        load(str(name), **options)
    assert type(caught.value) is kind
    sentence = str(caught.value)
    assert sentence[0].isupper() or sentence.startswith((str(name), "'"))
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    return sentence


def test_a_folder_loads_and_its_numbers_are_the_models(folder: Path) -> None:
    model = load(str(folder), device="cpu")
    assert (model.kind, model.family, model.layers, model.heads, model.width) == ("decoder", "gpt2", 2, 2, 16)
    assert (model.context, model.device, model.precision) == (64, "cpu", "float32")
    trace = model.trace("Once upon a time")
    network = GPT2LMHeadModel.from_pretrained(folder)
    logits = network(torch.tensor([[token.id for token in trace.tokens]])).logits[0].detach().numpy()
    np.testing.assert_allclose(trace.logits, logits, atol=1e-4)


def test_a_folder_that_was_trained_again_is_read_again(folder: Path) -> None:
    pool, text = Pool(), "w5 w6"
    before = pool.trace(str(folder), text).logits_at(-1)
    assert pool.model(str(folder)) is pool.model(str(folder))
    network = AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        next(network.parameters()).mul_(2)
    network.save_pretrained(folder)
    after = pool.trace(str(folder), text).logits_at(-1)
    assert np.abs(after - before).max() > 0.01
    assert pool.loaded == (str(folder),)


def test_encoders_and_encoder_decoders_load_too(tmp_path: Path) -> None:
    words, pieces = spot.wordpiece(), spot.unigram()
    masked = BertForMaskedLM(BertConfig(vocab_size=len(words), **BERT))
    model = load(str(save(masked, words, tmp_path / "bert")), device="cpu")
    assert model.kind == "encoder"
    assert model.trace("the [MASK] girl").mask_positions == (2,)
    shape: dict[str, Any] = {
        "vocab_size": len(pieces),
        "decoder_start_token_id": 0,
        "d_model": 16,
        "d_kv": 8,
        "d_ff": 16,
        "num_layers": 2,
        "num_heads": 2,
    }
    both = T5ForConditionalGeneration(T5Config(**shape))
    model = load(str(save(both, pieces, tmp_path / "t5")), device="cpu")
    trace = model.trace("The girl", "Das")
    assert (model.kind, trace.attention_kinds) == ("encoder-decoder", ("encoder", "decoder", "cross"))
    assert (trace.target_tokens[0].piece, trace.target_tokens[0].special) == ("<pad>", True)
    assert "".join(token.text for token in trace.target_tokens) == "Das"
    assert [token.piece for token in model.trace("The girl").target_tokens] == ["<pad>"]


def test_progress_is_told_and_never_goes_back(folder: Path) -> None:
    told: list[tuple[float, str]] = []
    load(str(folder), device="cpu", progress=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1
    assert all(text for _, text in told)


def test_a_hub_model_is_downloaded_once_and_found_again_without_a_network(hub: Hub, folder: Path) -> None:
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    told: list[str] = []
    assert load("someone/tiny", device="cpu", progress=lambda _, text: told.append(text)).revision == SHA
    assert any(text.startswith("Downloading someone/tiny: ") for text in told)
    assert not any("evil" in path or ".bin" in path for path in hub.asked)
    fetched = len([path for path in hub.asked if "/resolve/" in path])
    load("someone/tiny", device="cpu")
    assert len([path for path in hub.asked if "/resolve/" in path]) == fetched
    hub.broken = True
    assert load("someone/tiny", device="cpu").revision == SHA


def test_an_unreachable_hub_is_named_and_what_works_without_it(hub: Hub, folder: Path, monkeypatch: Any) -> None:
    bundle(monkeypatch, folder)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert refusal(Offline, "gpt2").endswith("storybook works without a network.")
    assert "Did you mean storybook?" in refusal(Offline, "storybok")
    hub.broken = True
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    refusal(Offline, "gpt2")


def test_an_unknown_name_is_answered_with_the_nearest(hub: Hub, folder: Path, monkeypatch: Any) -> None:
    bundle(monkeypatch, folder)
    assert refusal(UnknownModel, "gtp2").endswith("Did you mean gpt2?")
    assert "Check the spelling" in refusal(UnknownModel, "someone/completely-else")
    for name in ("", "two words", "../up", "/no/such/folder", "a/b/c", "C:\\models", "someone/tiny\x00"):
        refusal(UnknownModel, name)
    for name in ("~nobody-of-this-name/model", "x" * 5000):  # no home to expand, no file name so long
        refusal(UnknownModel, name)
        with pytest.raises(UnknownModel):
            Pool().model(name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://huggingface.co/openai-community/gpt2", "openai-community/gpt2"),
        ("http://www.huggingface.co/gpt2/tree/main", "gpt2"),
        ("huggingface.co/someone/a.model-7B/blob/main/config.json", "someone/a.model-7B"),
        ("hf.co/someone/model?library=transformers", "someone/model"),
        ("https://example.org/someone/model", "https://example.org/someone/model"),
        ("someone/huggingface.co", "someone/huggingface.co"),
    ],
)
def test_an_address_copied_from_a_browser_is_read_as_the_id_in_it(address: str, name: str) -> None:
    assert id_of(address) == name


def test_a_gated_model_says_where_to_ask_for_it(hub: Hub) -> None:
    hub.gated.add("someone/tiny")
    sentence = refusal(GatedModel, "someone/tiny")
    assert f"{hub.url}/someone/tiny" in sentence
    assert "hf auth login" in sentence


def test_a_full_disk_is_noticed_before_the_download(hub: Hub, monkeypatch: Any) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    sentence = refusal(TooLarge, "someone/tiny")
    assert "disk" in sentence
    assert "0.0 MB are free" in sentence
    assert not any("/resolve/" in path for path in hub.asked)


def rename_to_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def change_config(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text()) | changes
        (folder / "config.json").write_text(
            json.dumps({key: value for key, value in config.items() if value != "drop"})
        )

    return change


def write(file: str, content: bytes) -> Callable[[Path], None]:
    def overwrite(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return overwrite


def truncate(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


def lose_a_shard(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "model-00001-of-00001.safetensors"}}')


ADAPTER = {"model_type": "drop", "architectures": "drop"}
DAMAGES: list[tuple[Callable[[Path], None], type[ModelError], str]] = [
    (rename_to_pickle, UnsafeWeights, "pickled"),
    (change_config(model_type="strange", auto_map={"AutoModel": "evil.Model"}), RemoteCode, "own repository"),
    (change_config(model_type="strange"), Unsupported, "'strange'"),
    (change_config(model_type="clip"), Unsupported, "not language models|cannot"),
    (change_config(n_head=3), CorruptModel, "cannot be read"),
    (change_config(n_embd=24), CorruptModel, "cannot be read"),
    (write("config.json", b"{"), CorruptModel, "config.json is damaged"),
    (write("config.json", b"[]"), CorruptModel, "config.json is damaged"),
    (write("config.json", b"\xff\xfe"), CorruptModel, "config.json is damaged"),
    (lambda folder: (folder / "config.json").unlink(), CorruptModel, "no config.json"),
    (lambda folder: (folder / "model.safetensors").unlink(), CorruptModel, "no weights"),
    (truncate, CorruptModel, "damaged or incomplete"),
    (write("model.safetensors", b"\xff" * 64), CorruptModel, "damaged or incomplete"),
    (write("model.safetensors", b""), CorruptModel, "damaged or incomplete"),
    (write("model.safetensors", (2).to_bytes(8, "little") + b"[]"), CorruptModel, "damaged or incomplete"),
    (lose_a_shard, CorruptModel, "00001 is missing|safetensors is missing"),
    (write("tokenizer.json", b'{"half":'), CorruptModel, "tokenizer"),
]


@pytest.mark.parametrize(("damage", "kind", "told"), DAMAGES)
def test_a_damaged_model_is_refused_in_one_sentence(
    damage: Any, kind: type[ModelError], told: str, folder: Path
) -> None:
    damage(folder)
    with pytest.raises(kind, match=told):
        load(str(folder), device="cpu")
    refusal(kind, folder, device="cpu")


def test_an_adapter_is_told_from_a_model(folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
    change_config(**ADAPTER)(folder)
    assert "adapter" in refusal(Unsupported, folder)


def test_a_pickle_is_never_opened_even_beside_a_damaged_file(folder: Path) -> None:
    """Reading this pickle would write a file."""
    trap = folder / "sprung"
    payload = b"cpathlib\nPath\n(V" + str(trap).encode() + b"\ntR(S'touch'\ntR."
    (folder / "pytorch_model.bin").write_bytes(payload)
    truncate(folder)
    refusal(CorruptModel, folder)
    (folder / "model.safetensors").unlink()
    refusal(UnsafeWeights, folder)
    assert not trap.exists()


def test_weights_without_a_head_for_words_load_with_what_they_have(tmp_path: Path) -> None:
    words = spot.wordpiece()
    headless = save(BertModel(BertConfig(vocab_size=len(words), **BERT)), words, tmp_path / "headless")
    model = load(str(headless))
    assert (model.kind, list(model.closed)) == ("encoder", ["words"])
    assert model.trace("the cat").attention(1).shape[0] == 2


def test_a_model_too_large_is_refused_with_both_numbers_before_its_weights_are_read(
    folder: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda _: 20_000)
    monkeypatch.setattr(loading, "_read_network", lambda *_: pytest.fail("the weights were read"))
    sentence = refusal(TooLarge, folder)
    numbers = sum(tensor.numel() for tensor in GPT2LMHeadModel.from_pretrained(folder).parameters())
    assert f"needs {numbers * 4 * devices.HEADROOM / 1e6:.1f} MB" in sentence
    assert "0.0 MB are free" in sentence


def test_a_hub_model_too_large_is_refused_before_its_weights_are_fetched(hub: Hub, monkeypatch: Any) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda _: 20_000)
    refusal(TooLarge, "someone/tiny")
    assert not any("/resolve/" in path for path in hub.asked)


def test_a_model_larger_than_one_gpu_is_spread_over_all(monkeypatch: Any) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _=None: (10_000, 20_000))
    monkeypatch.setattr(devices, "container_bytes", lambda: 25_000)
    assert devices.place("m", 8_000, "cuda", fixed=False) == "cuda"
    assert devices.place("m", 16_000, "cuda", fixed=False) == devices.SEVERAL
    assert devices.place("m", 20_000, "cuda", fixed=False) == "cpu"
    for needed, fixed in ((16_000, True), (30_000, False)):
        with pytest.raises(TooLarge):
            devices.place("m", needed, "cuda", fixed=fixed)


def test_a_containers_limit_counts_as_the_machines(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("700000\n")
    (tmp_path / "memory.stat").write_text("anon 400000\ninactive_file 200000\nactive_file 100000\n")
    assert devices.container_bytes(tmp_path) == 600_000
    (tmp_path / "memory.max").write_text("max\n")
    assert devices.container_bytes(tmp_path) > 2**60


@pytest.mark.parametrize("device", ["gpu", "cuda:x", "", "cuda:99", "cpu:1"])
def test_a_device_that_is_not_there_is_named(folder: Path, device: str) -> None:
    with pytest.raises(InputError, match="device"):
        load(str(folder), device=device)


def test_precision_can_be_chosen_and_is_named_when_unknown(folder: Path) -> None:
    model = load(str(folder), device="cpu", precision="bfloat16")
    assert model.precision == "bfloat16"
    trace, exact = model.trace("Once upon"), load(str(folder), device="cpu").trace("Once upon")
    assert trace.attention(0, 0).dtype == np.float32
    np.testing.assert_allclose(trace.logits, exact.logits, atol=0.05)
    with pytest.raises(InputError, match="float32, bfloat16, float16"):
        load(str(folder), precision="int4")


def test_hosted_offers_its_catalogue_and_nothing_else(hub: Hub, folder: Path, monkeypatch: Any) -> None:
    bundle(monkeypatch, folder)
    assert load("storybook", device="cpu", hosted=True).name == "storybook"
    for name in (str(folder), "someone/tiny", ".", "storybook/../storybook", "models/storybook"):
        assert "storybook, gpt2" in refusal(UnknownModel, name, hosted=True)


def test_the_bundled_model_needs_no_network(folder: Path, monkeypatch: Any) -> None:
    bundle(monkeypatch, folder)

    def refuse(*_: Any) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    model = load("Storybook", device="cpu")
    assert (model.name, model.revision) == ("storybook", "bundled")


def test_50_000_characters_are_refused_before_they_are_read(folder: Path, monkeypatch: Any) -> None:
    model = load(str(folder), device="cpu")
    monkeypatch.setattr(type(model.tokenizer), "__call__", lambda *_, **__: pytest.fail("the text was tokenised"))
    with pytest.raises(PromptTooLong, match=r"50,000 characters .* 40,000"):
        model.trace("a" * 50_000)


def test_text_that_cannot_be_read_is_refused_and_the_next_one_works(folder: Path) -> None:
    model = load(str(folder), device="cpu")
    for text, told in (("", "Type at least one character"), ("a\udc00", "lone surrogate"), ("a" * 300, "64")):
        with pytest.raises(InputError, match=told):
            model.trace(text)
    assert model.trace("a").tokens[0].text == "a"


@pytest.mark.parametrize(("status", "said"), [(429, "asks for a pause"), (500, "fault of its own"), (503, "503")])
def test_a_hub_that_refuses_for_the_moment_says_when_to_come_back(hub: Hub, status: int, said: str) -> None:
    hub.broken, hub.status = True, status
    sentence = refusal(Offline, "someone/tiny")
    assert said in sentence
    assert "a few minutes" in sentence


def test_a_download_that_broke_off_says_so_and_goes_on_later(hub: Hub, monkeypatch: Any) -> None:
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _seconds: None)
    hub.cut.add("model.safetensors")
    assert "broke off" in refusal(Offline, "someone/tiny")
    hub.broken = True
    assert "no weights" not in refusal(Offline, "someone/tiny")
    hub.broken = False
    hub.cut.clear()
    assert load("someone/tiny").kind == "decoder"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"tiny.gguf": ""}, "llama.cpp"),
        ({"adapter_config.json": "{}", "adapter_model.safetensors": ""}, "is an adapter"),
    ],
)
def test_a_repository_in_another_format_says_which(hub: Hub, folder: Path, files: dict[str, str], said: str) -> None:
    for file in folder.iterdir():
        if file.name != "config.json" or "adapter_config.json" in files:
            file.unlink()
    for name, content in files.items():
        (folder / name).write_text(content)
    assert said in refusal(Unsupported, "someone/tiny")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "quantized with gptq"),
        ({"quantization_config": {"quant_method": "awq", "bits": 4}}, "quantized with awq"),
        ({"quantization": {"group_size": 64, "bits": 4}}, "MLX"),
    ],
)
def test_quantized_weights_that_cannot_be_read_here_are_named(folder: Path, settings: dict, said: str) -> None:
    change_config(**settings)(folder)
    sentence = refusal(Unsupported, folder)
    assert said in sentence
    assert "the model it was made from" in sentence


def test_a_tokenizer_that_needs_its_own_code_is_not_called_damaged(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    settings = {"auto_map": {"AutoTokenizer": ["own.OwnTokenizer", None]}, "tokenizer_class": "OwnTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    assert "code from its own repository" in refusal(RemoteCode, folder)


def test_a_pooler_that_is_missing_is_no_fault(tmp_path: Path) -> None:
    words = spot.wordpiece()
    network = BertModel(BertConfig(vocab_size=len(words), **BERT), add_pooling_layer=False)
    model = load(str(save(network, words, tmp_path / "bare")))
    assert (model.kind, list(model.closed)) == ("encoder", ["words"])


def test_a_t5_encoder_alone_loads_as_an_encoder(tmp_path: Path) -> None:
    pieces = spot.unigram()
    config = T5Config(vocab_size=len(pieces), d_model=16, d_kv=8, d_ff=16, num_layers=2, num_heads=2)
    model = load(str(save(T5EncoderModel(config), pieces, tmp_path / "encoder")))
    assert (model.kind, list(model.closed), model.layers) == ("encoder", ["words"], 2)
    assert model.trace("the cat").attention_kinds == ("self",)
