"""Several people may choose models at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from models.loading.loader import load


def test_models_read_at_the_same_time_are_whole() -> None:
    with ThreadPoolExecutor(3) as threads:
        models = list(threads.map(lambda _: load("storybook", device="cpu"), range(3)))
    assert all(model.tied for model in models)
    first = models[0].trace("The old king").logits_at(-1)
    assert all((model.trace("The old king").logits_at(-1) == first).all() for model in models[1:])
