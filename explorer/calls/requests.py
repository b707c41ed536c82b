"""What may come in: pydantic models, and the one place where a value that does not fit becomes a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from models.changes.kinds import MOST_CHANGES, Change, Changes
from models.errors import InputError
from models.translation import _, number

R = TypeVar("R", bound="Request")


def _without_fraction(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_without_fraction)]
"""A whole number; number boxes and JavaScript may write 3 as 3.0."""


Pair = Annotated[tuple[Whole, Whole], Field(strict=False)]
"""Two whole numbers; JSON knows lists only."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything that decides the numbers: model, text, what a decoder has written so far, and changes to the model."""

    model: str
    text: str
    target: str = ""
    changes: Changes = ()


class Request(BaseModel):
    """The arguments of one call. Null means the default; nothing is converted, nothing unknown is accepted.

    `ORDER` names the arguments of an endpoint in their order, where it is not the usual one.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    ORDER: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _null_means_default(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        required = {name for name, field in cls.model_fields.items() if field.is_required()}
        return {name: value for name, value in given.items() if value is not None or name in required}


class ModelRequest(Request):
    """A question about a model."""

    model: str = Field(description="A name from /models, a Hub id, or (in local mode) a folder.")


class ChangedRequest(ModelRequest):
    """A question about a changed model and texts of its own, in which changes of one position have no place."""

    changes: list[Change] = Field(
        [], max_length=MOST_CHANGES, description="Changes to the model for this run; each an object with a kind."
    )


class RunRequest(ChangedRequest):
    """A question about one run; a script names the run, and the kit puts its model, text and target in its place."""

    text: str = Field(description="The text to run; the source of an encoder-decoder model.")
    target: str = Field("", description="What the decoder of an encoder-decoder model has written so far.")

    @property
    def run(self) -> Run:
        """The run that is asked about."""
        return Run(model=self.model, text=self.text, target=self.target, changes=tuple(self.changes))


class PairRequest(RunRequest):
    """A question about two runs beside each other; a script names both, and the kit spells them out."""

    other_model: str = Field(description="The model of the other side.")
    other_text: str = Field(description="The text of the other side.")
    other_target: str = Field("", description="What the decoder of the other side has written so far.")
    other_changes: list[Change] = Field(
        [], max_length=MOST_CHANGES, description="Changes to the model of the other side."
    )

    @property
    def other(self) -> Run:
        """The other run."""
        changes = tuple(self.other_changes)
        return Run(model=self.other_model, text=self.other_text, target=self.other_target, changes=changes)


def checked(request: type[R], given: Any) -> R:
    """Read `given` as a request, or raise an InputError that names the argument and its range."""
    if not isinstance(given, Mapping):
        raise InputError(_("A request is one object with named values."))
    try:
        return request.model_validate(dict(given))
    except ValidationError as error:
        raise InputError(_sentence(request, error.errors(include_url=False)[0])) from None


def _sentence(request: type[Request], error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"])) or _("The request")
    field = request.model_fields.get(str(error["loc"][0])) if error["loc"] else None
    say = SENTENCES.get(error["type"], _not_understood)
    return say(name, error, _bounds(field) if len(error["loc"]) == 1 else error.get("ctx", {}))


def _bounds(field: FieldInfo | None) -> dict[str, Any]:
    """The limits a field declares: ge, gt, le, lt, max_length."""
    found: dict[str, Any] = {}
    for rule in field.metadata if field else ():
        limits = ("ge", "gt", "le", "lt", "max_length")
        found |= {limit: getattr(rule, limit) for limit in limits if getattr(rule, limit, None) is not None}
    return found


Say = Callable[[str, ErrorDetails, dict[str, Any]], str]


def _outside(name: str, error: ErrorDetails, bounds: dict[str, Any]) -> str:
    value = _shortened(error["input"])
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    shown = {"name": name, "low": low and number(low), "high": high and number(high), "value": value}
    if low is None:
        return _("{name} must be at most {high}, not {value}.", **shown)
    if high is None:
        return _("{name} must be at least {low}, not {value}.", **shown)
    if "gt" in bounds:
        return _("{name} must be above {low} and at most {high}, not {value}.", **shown)
    return _("{name} must be from {low} to {high}, not {value}.", **shown)


def _too_long(name: str, error: ErrorDetails, bounds: dict[str, Any]) -> str:
    most = int(bounds.get("max_length") or error["ctx"]["max_length"])
    if isinstance(error["input"], str):
        return _("{name} may have {most} characters at most.", name=name, most=most)
    return _("{name} may have {most} entries at most.", name=name, most=most)


def _one_of(name: str, error: ErrorDetails, _bounds: dict[str, Any]) -> str:
    choices = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
    value = _shortened(error["input"])
    return _("{name} must be one of {choices}, not {value}.", name=name, choices=choices, value=value)


def _kind(name: str, error: ErrorDetails, _bounds: dict[str, Any]) -> str:
    """A change is told by its kind."""
    choices = error["ctx"]["expected_tags"].replace("'", "")
    value = _shortened(error["ctx"]["tag"])
    return _("{name}.kind must be one of {choices}, not {value}.", name=name, choices=choices, value=value)


def _reason(name: str, error: ErrorDetails, _bounds: dict[str, Any]) -> str:
    return _("{name} is not right: {message}.", name=name, message=str(error["ctx"]["error"]))


def _not_understood(name: str, error: ErrorDetails, _bounds: dict[str, Any]) -> str:
    return _("{name} is not right: {message}.", name=name, message=error["msg"])


def _plain(english: Callable[[str], str]) -> Say:
    return lambda name, _error, _bounds: english(name)


SENTENCES: dict[str, Say] = {
    "missing": _plain(lambda name: _("{name} is missing.", name=name)),
    "extra_forbidden": _plain(lambda name: _("{name} is not something this call knows.", name=name)),
    "string_type": _plain(lambda name: _("{name} must be a text.", name=name)),
    "string_unicode": _plain(lambda name: _("{name} must be a text of whole characters.", name=name)),
    "bool_type": _plain(lambda name: _("{name} must be true or false.", name=name)),
    "list_type": _plain(lambda name: _("{name} must be a list.", name=name)),
    "tuple_type": _plain(lambda name: _("{name} must be a list.", name=name)),
    "dict_type": _plain(lambda name: _("{name} must be an object with named values.", name=name)),
    "model_type": _plain(lambda name: _("{name} must be an object with named values.", name=name)),
    "dataclass_type": _plain(lambda name: _("{name} must be an object with named values.", name=name)),
    **dict.fromkeys(
        ("int_type", "int_parsing_size", "int_from_float"),
        _plain(lambda name: _("{name} must be a whole number.", name=name)),
    ),
    **dict.fromkeys(("float_type", "finite_number"), _plain(lambda name: _("{name} must be a number.", name=name))),
    **dict.fromkeys(("greater_than_equal", "greater_than", "less_than_equal", "less_than"), _outside),
    **dict.fromkeys(("string_too_long", "too_long"), _too_long),
    "literal_error": _one_of,
    "union_tag_invalid": _kind,
    "union_tag_not_found": _plain(lambda name: _("{name} needs a kind.", name=name)),
    "value_error": _reason,
}

SHOWN_CHARACTERS = 40


def _shortened(value: Any) -> str:
    """A value as it may stand in a sentence: 10**400 and long texts are cut."""
    try:
        text = str(value)
    except ValueError:  # Python refuses to write integers of thousands of digits
        return "…"
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
