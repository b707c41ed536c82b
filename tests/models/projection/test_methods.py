"""Principal components agree with scikit-learn, and settings refuse what cannot be."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy import ndarray
from sklearn.decomposition import PCA
from sklearn.preprocessing import normalize

from models.errors import InputError
from models.limits import MAX_POINTS
from models.projection.methods import ProjectionSettings, principal_components, sampled_rows
from models.vectors.similarity import Vectors

RANDOM = np.random.default_rng(5)
MIXING = RANDOM.normal(size=(60, 60)) * np.linspace(3, 0.05, 60)
TALL = Vectors((RANDOM.normal(size=(9000, 60)) @ MIXING + 7).astype(np.float32))
WIDE = Vectors(RANDOM.normal(size=(20, 60)).astype(np.float32))
PCA_SETTINGS = ProjectionSettings()


def unsigned(points: ndarray) -> ndarray:
    """Points with the sign of every axis chosen alike: a component may point either way."""
    return points * np.sign(points[np.abs(points).argmax(0), np.arange(points.shape[1])])


@pytest.mark.parametrize("vectors", [TALL, WIDE], ids=["more rows than numbers", "fewer rows than numbers"])
def test_points_and_variances_are_those_of_scikit_learn_up_to_sign(vectors: Vectors) -> None:
    count = 10
    reference = PCA(count, svd_solver="full").fit(vectors.rows.astype(np.float64))
    found = principal_components(vectors, PCA_SETTINGS)
    expected = reference.transform(vectors.rows.astype(np.float64))
    assert found.explained[:count] == pytest.approx(reference.explained_variance_ratio_, abs=1e-5)
    assert np.allclose(unsigned(found.points[:, :count]), unsigned(expected), atol=2e-3 * np.abs(expected).max())


def test_the_cosine_is_the_pca_of_rows_of_length_one() -> None:
    found = principal_components(TALL, ProjectionSettings(metric="cosine"))
    reference = PCA(3, svd_solver="full").fit(normalize(TALL.rows.astype(np.float64)))
    assert found.explained[:3] == pytest.approx(reference.explained_variance_ratio_, abs=1e-5)


def test_all_variances_of_a_small_table_sum_to_one() -> None:
    assert principal_components(WIDE, PCA_SETTINGS).explained.sum() == pytest.approx(1, abs=1e-5)


def test_a_common_offset_however_large_changes_nothing() -> None:
    moved = Vectors((TALL.rows.astype(np.float64) + 1000).astype(np.float32))
    before, after = (principal_components(table, PCA_SETTINGS) for table in (TALL, moved))
    assert after.explained[:5] == pytest.approx(before.explained[:5], rel=1e-3)


def test_the_largest_loading_is_positive_so_that_runs_agree() -> None:
    found = principal_components(TALL, PCA_SETTINGS)
    centred = TALL.rows.astype(np.float64) - TALL.rows.mean(0)
    for axis in range(3):
        loadings = centred.T @ found.points[:, axis]
        assert loadings[np.abs(loadings).argmax()] > 0


def test_a_sample_decides_which_points_are_returned_and_not_where_they_land() -> None:
    every = principal_components(TALL, PCA_SETTINGS)
    some = principal_components(TALL, ProjectionSettings(sample=100, seed=4))
    assert some.sampled
    assert some.total == 9000
    assert len(some.points) == 100
    assert np.allclose(some.points, every.points[some.rows], atol=1e-4)


def test_a_sample_is_random_without_repetition_and_the_same_for_the_same_seed() -> None:
    chosen = [sampled_rows(1000, ProjectionSettings(sample=50, seed=seed)) for seed in (1, 1, 2)]
    assert np.array_equal(chosen[0], chosen[1])
    assert not np.array_equal(chosen[0], chosen[2])
    assert len(np.unique(chosen[0])) == 50
    assert np.all(np.diff(chosen[0]) > 0)
    assert chosen[0].max() > 500  # not the first rows of the table


def test_all_rows_means_at_most_a_quarter_of_a_million() -> None:
    assert len(sampled_rows(300_000, PCA_SETTINGS)) == MAX_POINTS
    assert len(sampled_rows(200_000, PCA_SETTINGS)) == 200_000


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_vectors_can_be_projected(count: int) -> None:
    found = principal_components(Vectors(WIDE.rows[:count].copy()), PCA_SETTINGS)
    assert len(found.points) == count
    assert np.isfinite(found.points).all()


def test_equal_vectors_land_on_one_point_and_explain_nothing() -> None:
    found = principal_components(Vectors(np.ones((30, 4), dtype=np.float32)), PCA_SETTINGS)
    assert np.allclose(found.points, 0, atol=1e-6)
    assert np.allclose(found.explained, 0, atol=1e-6)


def test_numbers_that_are_not_finite_are_refused_with_a_sentence() -> None:
    broken = TALL.rows.copy()
    broken[3, 3] = np.inf
    with pytest.raises(InputError, match="not finite"):
        principal_components(Vectors(broken), PCA_SETTINGS)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"method": "magic"}, "method"),
        ({"dimensions": 4}, "dimensions"),
        ({"metric": "taxi"}, "metric"),
        ({"sample": -1}, "sample"),
        ({"sample": MAX_POINTS + 1}, "sample"),
        ({"seed": -1}, "seed"),
        ({"perplexity": float("nan")}, "perplexity"),
        ({"neighbours": 1}, "neighbours"),
        ({"min_distance": 1.0}, "min_distance"),
    ],
)
def test_a_setting_out_of_range_is_named(wrong: dict[str, Any], named: str) -> None:
    # Under the suite's type checks a value outside a Literal is refused even before our own sentence.
    with pytest.raises((InputError, TypeError), match=named):
        ProjectionSettings(**wrong)


def test_tsne_in_three_dimensions_is_refused_with_a_way_out() -> None:
    with pytest.raises(InputError, match="choose PCA or UMAP"):
        ProjectionSettings(method="tsne", dimensions=3)


def test_keys_differ_where_points_do_and_agree_where_they_do_not() -> None:
    umap = ProjectionSettings(method="umap")
    assert umap.key(TALL) != umap.key(WIDE)
    for change in ({"seed": 1}, {"neighbours": 9}, {"min_distance": 0.5}, {"dimensions": 3}, {"metric": "cosine"}):
        assert replace(umap, **change).key(TALL) != umap.key(TALL)
    assert replace(umap, perplexity=5.0).key(TALL) == umap.key(TALL)
    for change in ({"seed": 1}, {"neighbours": 9}, {"min_distance": 0.5}, {"dimensions": 3}, {"perplexity": 5.0}):
        assert replace(PCA_SETTINGS, **change).key(TALL) == PCA_SETTINGS.key(TALL)
    sampled = ProjectionSettings(sample=10)
    assert replace(sampled, seed=1).key(TALL) != sampled.key(TALL)
