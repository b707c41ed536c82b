"""The Prompting tab: what examples in the prompt change, and what an instruction model reads."""

from explorer.features import Page, Tab
from explorer.features.prompting.tasks import LOOK_UP, MAX_TOKENS, TASKS
from explorer.shell.view import view
from models.translation import _

OWN = "own"  # a table that is none of the page's


def _build(page: Page) -> None:
    page.choice("prompt_task", LOOK_UP.name, [*(task.name for task in TASKS), OWN])
    page.choice("prompt_examples", [list(pair) for pair in LOOK_UP.examples])
    page.choice("instruction", LOOK_UP.instruction)
    page.choice("question", LOOK_UP.question)
    page.choice("prompt_shape", LOOK_UP.shape, ["lines", "labels"])
    page.choice("prompt_length", 8)
    page.note(
        _(
            "**Look for** what the first bar does when examples come: a small model reads answers out of the examples, "
            "a larger one may catch on to the rule behind them. **It does not prove** understanding: a model that "
            "copies the pattern answers right as well. Every answer is the likeliest one, token by token."
        )
    )
    tasks = [
        {
            "name": task.name,
            "shape": task.shape,
            "instruction": task.instruction,
            "examples": [list(pair) for pair in task.examples],
            "question": task.question,
        }
        for task in TASKS
    ]
    label = _("Zero, one and few examples")
    view("features/prompting/prompting", label=label, picture=True, tasks=tasks, longest=MAX_TOKENS)
    with page.drawer(_("Chat")):
        page.choice("chat_system", "You are a helpful assistant.")
        page.choice("chat_user", "Why is the sky blue?")
        view("features/prompting/chat_template", label=_("Chat template"))


TAB = Tab(
    title=_("Prompting"),
    question=_("What do examples in the prompt change?"),
    order=55,
    build=_build,
    kinds=("decoder", "encoder-decoder"),
    name="prompting",
    needs=("words",),
)
