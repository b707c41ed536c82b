"""Which tasks the bundled models can do from examples: 20 questions each, with none, one and all examples.

Run with `uv run python -m tests.benchmarks.prompting`. The Prompting tab opens with the best of them.
"""

from explorer.calls import Context
from explorer.features.prompting.calls import prompting_success
from explorer.features.prompting.tasks import TASKS
from explorer.settings import Settings
from models.engine.pool import Pool

MODELS = ("storybook", "storybook-llama", "storybook-t5")


def main() -> None:
    """Print a line for each model and task."""
    context = Context(pool=Pool(), settings=Settings(mode="local", device="cpu"))
    for model in MODELS:
        for task in TASKS:
            *_progress, last = prompting_success.ask(context, {"model": model, "task": task.name})
            none, one, every = last["right"]
            print(f"{model}, {task.name}: {none}, {one}, {every} of {last['of']} right with no, one, all examples")


if __name__ == "__main__":
    main()
