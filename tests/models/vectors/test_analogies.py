"""Word arithmetic leaves its inputs out, and its measure counts what a reader would count."""

import numpy as np
import pytest

from models.errors import InputError
from models.vectors.analogies import analogy, measured, relations, sum_of
from models.vectors.similarity import Vectors

# Two directions, royal and female: king − man + woman lies exactly on queen; "apple" is elsewhere.
WORDS = ["man", "woman", "king", "queen", "apple"]
PLACES = Vectors(np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0.2, 0]], dtype=np.float32))


def find(word: str) -> int | None:
    return WORDS.index(word) if word in WORDS else None


def test_the_sum_is_of_vectors_with_length_one() -> None:
    man, woman, king = (PLACES.rows[row] / np.linalg.norm(PLACES.rows[row]) for row in (0, 1, 2))
    assert sum_of(PLACES, 2, 0, 1) == pytest.approx(king - man + woman, abs=1e-6)


def test_king_minus_man_plus_woman_is_queen() -> None:
    assert [WORDS[one.row] for one in analogy(PLACES, 2, 0, 1)] == ["queen", "apple"]


def test_the_three_inputs_are_never_answers() -> None:
    assert not {one.row for one in analogy(PLACES, 2, 0, 1, 10)} & {0, 1, 2}


def test_a_word_without_direction_is_refused() -> None:
    with pytest.raises(InputError, match="length zero"):
        analogy(Vectors(np.array([[0, 0], [1, 0], [0, 1]], dtype=np.float32)), 0, 1, 2)


def test_only_questions_whose_words_are_all_known_are_asked() -> None:
    (score,) = measured(PLACES, find)
    assert score.relation == "man to woman"
    assert score.tried == 2  # man : woman with king : queen, both ways


def test_scores_count_right_answers_with_and_without_help() -> None:
    """Worked by hand: a plain vector sum in a world where the plane of words is flat."""
    (score,) = measured(PLACES, find)
    assert score.right == 2
    assert score.inputs_allowed == brute_force_inputs_allowed()
    assert score.baseline == brute_force_baseline()


def brute_force_inputs_allowed() -> int:
    return sum(closest(sum_of(PLACES, *question[:3]), ()) == question[3] for question in ((1, 0, 2, 3), (3, 2, 0, 1)))


def brute_force_baseline() -> int:
    return sum(closest(PLACES.rows[third], (third,)) == wanted for third, wanted in ((2, 3), (0, 1)))


def closest(vector: np.ndarray, banned: tuple[int, ...]) -> int:
    scores = PLACES.rows @ vector / np.linalg.norm(PLACES.rows, axis=1)
    scores[list(banned)] = -np.inf
    return int(scores.argmax())


def test_nothing_known_is_nothing_measured() -> None:
    assert measured(PLACES, lambda _: None) == ()


def test_the_list_is_made_of_pairs_of_different_words_each_once_in_its_relation() -> None:
    listed = relations()
    assert len(listed) >= 5
    for relation, pairs in listed.items():
        assert len(pairs) >= 10, relation
        assert len(set(pairs)) == len(pairs), relation
        assert all(left != right and left.strip() == left for left, right in pairs), relation
