"""Tasks to begin with: a table of examples, a question, and twenty such questions whose answers are known.

Which of them a model can do is measured (`prompting_success`), not promised. `tests/benchmarks/prompting.py` compared
them for the bundled models: they read an answer out of the examples nearly always, and do not catch on to a rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

Shape = Literal["lines", "labels"]
Example = tuple[str, str]
TRIALS = 20
MAX_TOKENS = 60
"""In one answer."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One question with its examples and the only right answer."""

    examples: tuple[Example, ...]
    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task called `name`: what the page shows first, how examples are written, and its trials."""

    name: str
    shape: Shape
    examples: tuple[Example, ...]
    question: str
    trials: tuple[Trial, ...]
    instruction: str = ""


PEOPLE = (
    "Hans", "Mary", "Peter", "Anna", "Jack", "Alice", "Tom", "Lucy", "George", "Dorothy",
    "Harry", "Nancy", "William", "Betty", "Robert", "Ruth", "Henry", "Jane", "Charles", "Kate",
)  # fmt: skip
THINGS = (
    "apple", "bread", "honey", "cheese", "milk", "cake", "fish", "butter", "salt", "nuts",
    "corn", "eggs", "meat", "sugar", "soup", "tea", "pie", "wine", "cream", "rice",
)  # fmt: skip
KNOWN = 4  # people in one table
SHOWN = 9  # the trial the page opens with: both bundled decoders are sure of it
WORDS = ("fox", "bear", "king")
REPEATED = (
    "bread", "tree", "window", "river", "garden", "apple", "horse", "candle", "bird", "mouse",
    "needle", "mountain", "shoe", "basket", "flower", "rabbit", "dragon", "lamp", "spoon", "ladder",
)  # fmt: skip
PAST = (
    ("walk", "walked"), ("jump", "jumped"), ("look", "looked"),
    ("call", "called"), ("open", "opened"), ("knock", "knocked"), ("laugh", "laughed"), ("work", "worked"),
    ("play", "played"), ("help", "helped"), ("ask", "asked"), ("answer", "answered"), ("climb", "climbed"),
    ("turn", "turned"), ("wash", "washed"), ("kick", "kicked"), ("want", "wanted"), ("start", "started"),
    ("shout", "shouted"), ("pull", "pulled"), ("wait", "waited"), ("thank", "thanked"), ("cry", "cried"),
)  # fmt: skip
OPPOSITES = (
    ("big", "small"), ("hot", "cold"), ("old", "young"),
    ("up", "down"), ("good", "bad"), ("left", "right"), ("day", "night"), ("black", "white"), ("high", "low"),
    ("rich", "poor"), ("first", "last"), ("happy", "sad"), ("strong", "weak"), ("early", "late"), ("in", "out"),
    ("yes", "no"), ("fast", "slow"), ("hard", "soft"), ("thick", "thin"), ("near", "far"), ("wet", "dry"),
    ("open", "shut"), ("long", "short"),
)  # fmt: skip


def _who_has_what(number: int) -> Trial:
    """A table of people and things; the one asked for is never in the first row, so that one example is not enough."""
    people = tuple(islice(cycle(PEOPLE), number, number + KNOWN))
    things = tuple(THINGS[(7 * number + 3 * place) % len(THINGS)] for place in range(KNOWN))
    examples = tuple(zip(people, things, strict=True))
    question, answer = examples[1 + number % (KNOWN - 1)]
    return Trial(examples=examples, question=question, answer=answer)


def _one_rule(pairs: Sequence[Example]) -> tuple[Trial, ...]:
    """The first three pairs are the examples of every trial."""
    examples = tuple(pairs[:3])
    return tuple(Trial(examples=examples, question=left, answer=right) for left, right in pairs[3:])


def _rule(name: str, pairs: Sequence[Example], instruction: str = "") -> Task:
    trials = _one_rule(pairs)
    return Task(
        name=name, shape="labels", instruction=instruction, examples=trials[0].examples,
        question=trials[0].question, trials=trials,
    )  # fmt: skip


_looked_up = tuple(map(_who_has_what, range(TRIALS)))
LOOK_UP = Task(
    name="look_up",
    shape="lines",
    examples=_looked_up[SHOWN].examples,
    question=_looked_up[SHOWN].question,
    trials=_looked_up,
)
TASKS = (
    LOOK_UP,
    _rule("repeat", [(word, word) for word in (*WORDS, *REPEATED)]),
    _rule("past", PAST),
    _rule("opposite", OPPOSITES),
)
BY_NAME = {task.name: task for task in TASKS}
