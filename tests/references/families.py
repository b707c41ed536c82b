"""Every causal, masked and seq2seq class of the installed transformers, against transformers by itself.

    uv run python -m tests.references.families            all that has no result yet, then the table
    uv run python -m tests.references.families mamba bert  these types again

Each pair of type and task is built small with random weights, saved, opened as the explorer opens any folder, and
compared (`comparing`). There are two ways to end: what is offered agrees, or one sentence says why it is not offered.
Anything else is a fault of the explorer's. Results are kept in a file, so that a sweep goes on where it was stopped;
the table is `families.md`. It takes about half an hour, and is no part of the suite.
"""

import json
import multiprocessing
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM
from transformers.models.auto import modeling_auto

from models.errors import ModelError
from tests.references import comparing
from tests.references.small import small

TASKS = {
    "causal": (modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, AutoModelForCausalLM),
    "masked": (modeling_auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES, AutoModelForMaskedLM),
    "seq2seq": (modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES, AutoModelForSeq2SeqLM),
}
SECONDS = 150
KEPT = Path(tempfile.gettempdir()) / "families.json"
TABLE = Path(__file__).with_suffix(".md")
Result = dict[str, str]


def main(types: list[str]) -> None:
    """Sweep, and write the table."""
    results: dict[str, Result] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    for task, (names, _automatic) in TASKS.items():
        for model_type in names:
            key = f"{task} {model_type}"
            if (types and model_type in types) or (not types and key not in results):
                results[key] = in_a_process(task, model_type)
                print(key, *results[key].values(), sep=": ", flush=True)
                KEPT.write_text(json.dumps(results, indent=1))
    TABLE.write_text(table(results), encoding="utf-8")


def in_a_process(task: str, model_type: str) -> Result:
    """One pair by itself: whatever it breaks or keeps, the next begins clean."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, task, model_type))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(SECONDS) else {"outcome": "not built", "why": f"more than {SECONDS} seconds"}
    except EOFError:
        return {"outcome": "fault", "why": f"the process ended with {process.exitcode}"}
    finally:
        process.kill()
        process.join()


def _send(pipe: Any, task: str, model_type: str) -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    pipe.send(outcome(task, model_type))


def outcome(task: str, model_type: str) -> Result:
    """Say "right", "refused", "wrong", "fault" or "not built", and why or what."""
    _names, automatic = TASKS[task]
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        try:
            comparing.saved(build(task, model_type, automatic), folder)
            plain = automatic.from_pretrained(folder, dtype=torch.float32).eval()
            plain_run(plain, task)
        except Exception as error:  # noqa: BLE001 - transformers itself, before the explorer is asked
            return {"outcome": "not built", "why": first_line(error)}
        try:
            model = comparing.opened(folder)
            checked = comparing.compare(model, automatic, folder)
        except ModelError as error:
            return {"outcome": "refused", "why": str(error).replace(str(folder), "It")}
        except comparing.DiffersError as error:
            return {"outcome": "wrong", "why": str(error)}
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            return {"outcome": "fault", "why": f"{first_line(error)} ({Path(last.filename).name}:{last.lineno})"}
        closed = " ".join(model.closed.values()).replace(str(folder), "It")
        return {"outcome": "right", "why": ", ".join(checked) + (f". {closed}" if closed else "")}


def build(task: str, model_type: str, automatic: Any) -> Any:
    """A network of this class with small random weights."""
    config = small(model_type)
    if task == "causal" and "is_decoder" in vars(config):
        config.is_decoder = True
    if task == "masked" and "is_decoder" in vars(config) and not config.is_encoder_decoder:
        config.is_decoder = False
    torch.manual_seed(0)
    return automatic.from_config(config).eval()


def plain_run(network: Any, task: str) -> None:
    """Transformers itself has to get through a run."""
    ids = torch.tensor([[5, 7, 6, 9, 8, 11, 10]])
    both = {"decoder_input_ids": ids[:, :5]} if task == "seq2seq" else {}
    with torch.no_grad():
        network(input_ids=ids, **both).logits  # noqa: B018 - that it has some is the question


def first_line(error: Exception) -> str:
    """An error's first line, short."""
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0][:110]}"


def table(results: dict[str, Result]) -> str:
    """The results as a page: how many, then each."""
    counts = {kind: sum(one["outcome"] == kind for one in results.values()) for kind in KINDS}
    rows = [
        f"| {kind} | {key.split(' ')[1]} | {key.split(' ')[0]} | {results[key]['why'].replace('|', '/')} |"
        for kind in KINDS
        for key in sorted(results, key=lambda key: key.split(" ")[1])
        if results[key]["outcome"] == kind
    ]
    lines = [
        "# Families",
        "",
        (
            f"transformers {transformers.__version__}, torch {torch.__version__}, {datetime.now(UTC).date()}; "
            "`uv run python -m tests.references.families` makes this page."
        ),
        "",
        "| outcome | pairs | meaning |",
        "| --- | ---: | --- |",
        *(f"| {kind} | {counts[kind]} | {meaning} |" for kind, meaning in KINDS.items()),
        "",
        "| outcome | type | task | what agrees, or why not |",
        "| --- | --- | --- | --- |",
        *rows,
    ]
    return "\n".join(lines) + "\n"


KINDS = {
    "right": "loads, and all that is offered is transformers' own: logits, depths, attention, completions",
    "refused": "is not opened, for the reason given",
    "wrong": "a number is not transformers' own",
    "fault": "an error without a sentence",
    "not built": "transformers itself gets through no run of the small configuration: says nothing of the explorer",
}

if __name__ == "__main__":
    main(sys.argv[1:])
