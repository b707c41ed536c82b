"""The page as Gradio knows it, with one difference: whatever goes wrong on the way to an endpoint is one sentence.

Gradio answers a request with too few arguments by an empty error and prints all it was given, up to a megabyte, into
the log. Here arguments that have a default may be left out, and the log says where something failed, not with what.
"""

import inspect
import logging
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction

from explorer.calls.failures import broken, note_failure
from models.translation import _

log = logging.getLogger(__name__)


class Blocks(gr.Blocks):
    """`gr.Blocks` whose failures are sentences."""

    async def process_api(self, block_fn: BlockFunction | int, *given: Any, **named: Any) -> dict[str, Any]:
        """As Gradio does, but an error that is not a sentence yet becomes one."""
        try:
            return await super().process_api(block_fn, *given, **named)
        except gr.Error:
            raise
        except Exception as error:
            asked = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
            note_failure(log, asked.name or "an event", error)
            raise gr.Error(broken(), print_exception=False) from error

    def validate_inputs(self, block_fn: BlockFunction, inputs: list[Any]) -> None:
        """Let what was left out at the end have its default; say what is missing."""
        missing = list(_parameters(block_fn))[len(inputs) : len(block_fn.inputs)]
        for parameter in missing:
            if parameter.default is inspect.Parameter.empty:
                raise gr.Error(_("{name} is missing.", name=parameter.name), print_exception=False)
            inputs.append(parameter.default)


def _parameters(block_fn: BlockFunction) -> list[inspect.Parameter]:
    return list(inspect.signature(block_fn.fn).parameters.values()) if block_fn.fn else []
