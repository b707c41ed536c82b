"""A script: try the tokenizer and the chat template of the folder named, inside bounds of memory and time.

Run by `precautions.rehearse` with nothing of this project on its path, so that it starts in a fraction of a second.
It exits with 0 if all went well or failed in an ordinary way, with 3 if the tokenizer broke down altogether, and
with 1 or by a signal if a bound was met.
"""

import json
import sys
from pathlib import Path
from typing import Any

MEMORY = 2**30  # bytes more than the process has when it starts
SECONDS = 8  # of the processor
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>"}
SENTENCES = ("Hello, world! 1234", "Été à Zürich\n\tこんにちは 世界 😀", "the " * 400)


def bound() -> None:
    """Bound what follows; Windows bounds time alone, from outside."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _on_linux() else 2**32
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _on_linux() -> bool:
    return Path("/proc/self/statm").exists()


def try_tokenizer(folder: Path) -> None:
    """Encode and decode a few sentences with the folder's tokenizer.json."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - only where there is one

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for sentence in SENTENCES:
        tokenizer.decode(tokenizer.encode(sentence).ids)


def try_templates(folder: Path) -> None:
    """Write a short conversation out with every template of the folder."""
    from jinja2.ext import Extension, loopcontrols  # noqa: PLC0415 - only where there is one
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    class Generation(Extension):
        """`{% generation %}…{% endgeneration %}` marks what the model said; here it writes what it holds."""

        tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

        def parse(self, parser: Any) -> Any:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    def refuse(reason: str) -> None:
        raise ValueError(reason)

    messages = [{"role": "user", "content": "Who are you?"}]
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.globals |= {"raise_exception": refuse, "strftime_now": lambda _form: "21 Nov 2026"}
    environment.filters["tojson"] = lambda value, **_options: json.dumps(value)
    for template in templates(folder):
        environment.from_string(template).render(messages=messages, add_generation_prompt=True, **SPECIAL)


def templates(folder: Path) -> list[str]:
    """Every chat template of the folder, in its own file or in the tokenizer's configuration."""
    own, configuration = folder / "chat_template.jinja", folder / "tokenizer_config.json"
    found = [own.read_text("utf-8")] if own.is_file() else []
    told = json.loads(configuration.read_text("utf-8")).get("chat_template") if configuration.is_file() else None
    several = told if isinstance(told, list) else [{"template": told}]
    return found + [str(one["template"]) for one in several if isinstance(one.get("template"), str)]


def main() -> int:
    """Try both; a bound that was met ends the process or shows as an error of memory."""
    folder = Path(sys.argv[1])
    bound()
    for attempt in (try_tokenizer, try_templates):
        try:
            attempt(folder)
        except MemoryError:
            return 1
        except Exception as error:  # noqa: BLE001 - the real reading says what is wrong with it
            if "memory" in str(error).lower():
                return 1
        except BaseException:  # noqa: BLE001 - a panic of the tokenizers library is no Exception
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
