"""The kinds of value that stand in a strategy file: each reads a YAML text, or says in one finding why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, PlainValidator, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from scorecard.model.finding import shorten
from scorecard.model.number import NumberError, read_number
from scorecard.model.period import Period, PeriodError, read_period

T = TypeVar("T")
NUMBER_PATTERN = r"^[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*(%|/\s*[-+]?[0-9.]+)?$"
PERIOD_PATTERN = r"^[0-9]{4}(-(H[12]|Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?$"


class Record(BaseModel):
    """A frozen record that knows no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A field whose default is None can be left out, but nothing may not stand after its key."""
        schema: Any = handler(source)
        for field in schema["schema"]["fields"].values():
            default = field["schema"]
            if default["type"] == "default" and default["schema"]["type"] == "nullable":
                default["schema"] = default["schema"]["schema"]
        return cast(CoreSchema, schema)


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """A finding on its way through pydantic: the type is the code, the context carries sentence and hint."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def _number(value: Any) -> float:
    if not isinstance(value, str):
        raise fault(
            "S205",
            f"a number is expected here, not {name_shape(value)}",
            "write a number such as 40000, 4e4, 1/3 or 12.5%",
        )
    try:
        return read_number(value)
    except NumberError as error:
        hint = "write a number such as 40000, 40_000, 4e4, 1/3 or 12.5%"
        if "," in value:
            hint = "write 40000 or 40_000 for thousands, and a point before decimals"
        raise fault("S205", f"'{shorten(value)}' {error}", hint) from None


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise fault("S206", f"{shorten(value)} is not a whole number", "write a whole number, such as 2")
    return int(number)


def _period(value: Any) -> Period:
    if not isinstance(value, str):
        raise fault("S207", f"a period is expected here, not {name_shape(value)}", _PERIOD_HINT)
    try:
        return read_period(value)
    except PeriodError as error:
        raise fault("S207", f"'{shorten(value)}' {error}", _PERIOD_HINT) from None


def name_shape(value: object) -> str:
    """What a node is, in words."""
    if value is None:
        return "nothing"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a text"


def empty_is(make: Callable[[], Any]) -> BeforeValidator:
    """A key with nothing after it stands for an empty mapping or list."""
    return BeforeValidator(lambda value: make() if value is None else value)


_MOST = 1_000_000_000  # of what is counted
_PERIOD_HINT = "write 2026, 2026-H1, 2026-Q3, 2026-10, 2026-W41 or 2026-10-31"
_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": NUMBER_PATTERN}]}
_PERIOD_SCHEMA = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": PERIOD_PATTERN}]}
_TEXT_SCHEMA = {"type": ["string", "number", "boolean", "null"]}

Number = Annotated[float, BeforeValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Weight = Annotated[float, Field(ge=0), BeforeValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
PositiveWeight = Annotated[float, Field(gt=0), BeforeValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Share = Annotated[float, Field(ge=0, le=1), BeforeValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Count = Annotated[
    int, Field(ge=0, le=_MOST), BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})
]
Month = Annotated[
    int, Field(ge=1, le=12), BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 12})
]
When = Annotated[Period, PlainValidator(_period), WithJsonSchema(_PERIOD_SCHEMA)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
GoalRef = Annotated[str, Field(pattern=r"^(?:[a-z][a-z0-9_]{0,63}/)?[a-z][a-z0-9_]{0,63}$")]
Name = Annotated[str, Field(min_length=1, pattern=r"^[^\n\r\t]*$"), WithJsonSchema(_TEXT_SCHEMA)]
Text = Annotated[str, WithJsonSchema(_TEXT_SCHEMA)]
Path = Annotated[str, Field(min_length=1)]
Rule = Literal["linear", "goal", "band", "scale", "levels", "none"]
Interval = Literal["day", "week", "month", "quarter", "half", "year"]
