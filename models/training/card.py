"""The model card: what a model is, how it was made, what it can and cannot do. Every number comes from metrics.json."""

from typing import Any

from models.training.completions import SEED, TOKENS
from models.training.presets import Preset
from models.training.tokenizer import VOCABULARY

UNITS = {"next": "bits per byte", "masked": "bits per masked token", "gaps": "bits per missing token"}

PIPELINES = {"next": "text-generation", "masked": "fill-mask", "gaps": "text2text-generation"}

PURPOSE = {
    "next": "A decoder: it writes the next token of a story.",
    "masked": "An encoder: it fills in words hidden behind `[MASK]`, from the words before and after.",
    "gaps": "An encoder-decoder: it reads a passage with gaps `<extra_id_0>`, `<extra_id_1>`, … and writes their text.",
}

FIGURES = {
    "bits_per_byte": "bits per byte (lower is better; `xz -9` needs about 2.2)",
    "next_token_accuracy": "share of tokens whose first guess is right",
    "bits_per_token": "bits per predicted token (lower is better)",
    "masked_token_accuracy": (
        "masked accuracy: share of hidden tokens guessed right (as in BERT, a tenth of them is shown unchanged)"
    ),
    "gaps_token_accuracy": "share of missing tokens right, given the true ones before",
    "gap_exact_match": "gap exact match: share of gaps written without a mistake, greedily, in passages of 64 tokens",
    "gap_names_match": "share of passages with one to eight gaps whose answer names all of them and no more",
}

LIMITS = {
    "next": "It keeps a thread for a sentence or two, then drifts: names change, plots wander. It knows nothing about "
    "the world, cannot answer questions or follow instructions, and knows only English.",
    "masked": "It is best at small frequent words and at words that stand elsewhere in the passage. It cannot write "
    "text. Single words without a passage around them give it little to go by.",
    "gaps": "Short gaps of frequent words come out best; of a long gap only the kind of phrase is right. "
    "It knows at most 16 gaps, numbered from `<extra_id_0>` in order, and cannot answer questions.",
}


UNFINISHED = (
    "**Trained far too briefly.** It has learned the form of an answer, each gap's name and then some common words, "
    "but hardly to read what stands around a gap: its answers are guesses that would fit almost anywhere, and it names "
    "more gaps than it was given. Its attention can be looked at; it says little about how a trained model does this."
)

USEFUL_EXACT_MATCH = 0.05
"""Below this share of gaps written without a mistake, a card says that the model is unfinished."""

FAMILY = (
    "Made for looking inside: small enough to load in a moment and to be trained again in an afternoon, and one of a "
    "family of four that share a tokenizer."
)

AGE = "The books are a hundred years old and older and show the views of their time; so may the model."

REPEATS = (
    "From step {since:,} on, {count} of the {rows} rows of each step holds shuffled words in runs that come back: "
    "plain text alone makes induction heads only much later. "
)

LOOPS = (
    "\n\nOf {completions} such completions, eight of each opening, {looping} run in circles: some four tokens stand in "
    "them three times or more. Of 80 passages from the books, about 2 do."
)

AGAIN = "At {steps} the run had ended and was given more time, with the rate at its peak again. "

HEADS = (
    "Layers and heads count from 0. Previous token: mean attention on the token just before, in held-out text. "
    "Induction: mean attention on what followed earlier copies of the token, on random tokens that repeat. "
    "An induction head scores far above the others; a score of a few hundredths is no induction head."
)


INDUCTION_FOUND = 0.2
"""A head that gives this share of its attention to what followed earlier copies is one; chance is about 0.03."""


def card(name: str, preset: Preset, metrics: dict[str, Any], written: list[tuple[str, str]]) -> str:
    """The README of a model folder."""
    sections = (
        _front(preset),
        f"# {name}\n\n{PURPOSE[preset.objective]} {FAMILY}",
        _shape(preset, metrics),
        _data(),
        _training(preset, metrics),
        _results(metrics),
        _heads(metrics) if "heads" in metrics else "",
        _examples(preset, written) + (LOOPS.format(**metrics["loops"]) if "loops" in metrics else ""),
        f"## Known limits\n\n{_limits(preset, metrics)} {AGE}",
        "## Licence\n\nWeights: MIT, like the rest of this repository. The books are in the public domain.\n",
    )
    return "\n\n".join(section for section in sections if section)


def _limits(preset: Preset, metrics: dict[str, Any]) -> str:
    exact = metrics["held_out"].get("gap_exact_match", 1.0)
    return UNFINISHED if exact < USEFUL_EXACT_MATCH else LIMITS[preset.objective]


def _front(preset: Preset) -> str:
    return (
        f"---\nlicense: mit\nlanguage: en\nlibrary_name: transformers\npipeline_tag: {PIPELINES[preset.objective]}\n---"
    )


def _shape(preset: Preset, metrics: dict[str, Any]) -> str:
    config = preset.config
    key_value = getattr(config, "num_key_value_heads", None)
    shared = f", {key_value} key/value heads" if key_value not in (None, config.num_attention_heads) else ""
    stacks = " in the encoder and as many in the decoder" if preset.objective == "gaps" else ""
    return (
        f"## Shape\n\n`{type(config).__name__.removesuffix('Config')}` of {metrics['parameters'] / 1e6:.1f} million "
        f"parameters: {config.num_hidden_layers} layers{stacks}, width {config.hidden_size}, "
        f"{config.num_attention_heads} heads{shared}, {VOCABULARY:,} tokens (byte-level BPE), trained on "
        f"{preset.context} tokens at a time. Half precision; input and output embeddings are the same matrix."
    )


def _data() -> str:
    return (
        "## Data\n\n469 English books in the public domain in the United States, 116 MB: children's classics, fairy "
        "tales and early series, and some detective and adventure novels. Eight whole books more are held out. "
        "Each epoch holds all children's books and a quarter of the novels."
    )


def _training(preset: Preset, metrics: dict[str, Any]) -> str:
    since = metrics["repeats_from"]
    repeats = "" if since is None else REPEATS.format(count=preset.repeats, rows=preset.rows, since=since)
    ends = " and ".join(f"{step:,}" for step in metrics["again"])
    again = AGAIN.format(steps=f"steps {ends}" if len(metrics["again"]) > 1 else f"step {ends}") if ends else ""
    beginning = f"It began with the weights of `{metrics['beginning']}`. " if metrics["beginning"] else ""
    return (
        f"## Training\n\n{metrics['steps']:,} steps of {preset.rows} × {preset.context} tokens "
        f"({metrics['tokens'] / 1e6:.1f} million tokens), {metrics['minutes']:.0f} minutes on {metrics['hardware']}. "
        "Muon for the matrices of the blocks, AdamW for the rest; warm-up, stable, decay. "
        f"{again}{beginning}{repeats}"
        "`models/training/README.md` tells what was tried.\n\n"
        f"![Held-out loss over training steps](loss.svg)\n\nThe numbers of the curve: `loss.json`. "
        "What the model made of one fixed text along the way: `samples.json`."
    )


def _results(metrics: dict[str, Any]) -> str:
    rows = [f"| {FIGURES[key]} | {value:.3f} |" for key, value in metrics["held_out"].items()]
    return "\n".join(["## On held-out books\n", "| figure | value |", "|---|---|", *rows])


def _heads(metrics: dict[str, Any]) -> str:
    found = metrics["heads"]
    kinds = {"previous_token": "previous token", "induction": "induction"}
    rows = [
        f"| {title} | layer {head['layer']}, head {head['head']} | {head['score']:.2f} |"
        for kind, title in kinds.items()
        for head in found[kind][:3]
    ]
    bits = (
        f"On random tokens the model needs {found['random_bits_per_token']:.1f} bits per token, and "
        f"{found['repeated_bits_per_token']:.1f} when the same tokens come a second time."
    )
    if found["induction"][0]["score"] < INDUCTION_FOUND:
        bits += " So this model has no induction head yet: it was trained too briefly to form one."
    table = "\n".join(["| kind | where | mean attention |", "|---|---|---|", *rows])
    return f"## Heads worth looking at\n\n{HEADS}\n\n{table}\n\n{bits}"


def _examples(preset: Preset, written: list[tuple[str, str]]) -> str:
    how = {
        "next": f"Temperature 0.8, top-p 0.9, {TOKENS} tokens, seeds {SEED} to {SEED + 9}; unpicked.",
        "masked": "The likeliest token for each mask; unpicked.",
        "gaps": "Greedy; unpicked.",
    }[preset.objective]
    items = [f"{number}. **{_plain(opening)}**{_plain(text) if preset.objective == 'next' else ' → ' + _plain(text)}"
             for number, (opening, text) in enumerate(written, 1)]  # fmt: skip
    return "\n".join([f"## Ten examples\n\n{how}\n", *items])


def _plain(text: str) -> str:
    """Text for Markdown on one line: line breaks shown as ¶, nothing read as markup."""
    for mark in ("\\", "*", "_", "`", "<", ">", "#"):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n\n", " ¶ ").replace("\n", " ¶ ")
