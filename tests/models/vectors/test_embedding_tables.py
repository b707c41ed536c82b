"""The vectors shown are the model's own: its tables, and its residual stream at the depth asked for."""

import numpy as np
import pytest

from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.vectors.embedding_tables import Path, contextual, mean_cosine, path_cosines, paths, table, tokens_of_stack
from tests.models.families import model, text_of


def traced(case: str, length: int = 6) -> Trace:
    return model(case).trace(text_of(length), text_of(4, seed=1))


def test_tables_are_the_networks_weights_and_tied_ones_are_one() -> None:
    weight = model("gpt2").network.get_input_embeddings().weight.detach().numpy()
    assert np.array_equal(table(model("gpt2")).rows, weight)
    assert table(model("gpt2"), "output") is table(model("gpt2"), "input")
    untied = model("gpt_neox")
    assert not np.array_equal(table(untied, "output").rows, table(untied, "input").rows)


def test_a_table_is_kept_so_that_its_digest_is_computed_once() -> None:
    assert table(model("gpt2")) is table(model("gpt2"))


def test_positions_without_a_table_are_a_sentence() -> None:
    with pytest.raises(Unsupported, match="no table of positions"):
        table(model("llama"), "positions")
    assert len(table(model("gpt2"), "positions")) == 64


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(InputError, match="must be one of input, output, positions"):
        table(model("gpt2"), "middle")


@pytest.mark.parametrize("depth", [0, 2, 3])
def test_the_texts_vectors_are_its_residual_stream(depth: int) -> None:
    trace = traced("gpt2")
    assert np.array_equal(contextual(trace, depth).rows, trace.residual[depth])


def test_both_stacks_of_an_encoder_decoder_are_offered() -> None:
    trace = traced("bart")
    assert trace.encoder_residual is not None
    assert np.array_equal(contextual(trace, 1, "encoder").rows, trace.encoder_residual[1])
    assert np.array_equal(contextual(trace, 1, "decoder").rows, trace.residual[1])
    assert tokens_of_stack(trace, "encoder") == trace.tokens
    assert tokens_of_stack(trace, "decoder") == trace.target_tokens


def test_the_encoder_of_a_model_with_one_stack_is_that_stack() -> None:
    trace = traced("bert")
    assert np.array_equal(contextual(trace, 1, "encoder").rows, trace.residual[1])
    assert tokens_of_stack(trace, "encoder") == trace.tokens


@pytest.mark.parametrize(("depth", "stack"), [(-1, "decoder"), (4, "decoder"), (0, "middle")])
def test_a_depth_or_stack_that_does_not_exist_is_named(depth: int, stack: str) -> None:
    with pytest.raises(InputError, match="must be"):
        contextual(traced("gpt2"), depth, stack)


def test_paths_follow_each_token_of_each_text_through_all_depths() -> None:
    first, second = traced("gpt2", 5), traced("gpt2", 3)
    ways = paths((first, second))
    assert [(way.text, way.position) for way in ways] == [(0, place) for place in range(5)] + [(1, p) for p in range(3)]
    assert np.array_equal(ways[6].vectors, second.residual[:, 1])
    assert ways[6].token == second.tokens[1]


def test_cosines_along_paths_are_those_of_each_depth() -> None:
    left, right, *_ = paths((traced("gpt2"),))
    expected = [
        np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)) for a, b in zip(left.vectors, right.vectors, strict=True)
    ]
    assert path_cosines(left, right) == pytest.approx(expected, abs=1e-5)


def test_the_mean_cosine_is_over_all_pairs_of_different_tokens() -> None:
    ways = paths((traced("gpt2", 4),))
    pairs = [path_cosines(a, b) for place, a in enumerate(ways) for b in ways[place + 1 :]]
    assert mean_cosine(ways) == pytest.approx(np.mean(pairs, axis=0), abs=1e-5)
    with pytest.raises(InputError, match="at least two"):
        mean_cosine(ways[:1])


def test_a_vector_of_length_zero_has_no_cosine() -> None:
    token = traced("gpt2").tokens[0]
    still = Path(text=0, position=0, token=token, vectors=np.zeros((2, 3), dtype=np.float32))
    moving = Path(text=0, position=1, token=token, vectors=np.ones((2, 3), dtype=np.float32))
    assert np.isnan(path_cosines(still, moving)).all()
