"""The shape of a protocol file and of a question bank, checked all at once on the way in."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

SPREADSHEET_ERRORS = frozenset(
    ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)

FacilityType = Literal["API", "API_INTERMEDIATE", "FDF"]
EvidenceType = Literal["document", "interview", "observation", "data"]


def _plain(value: Any) -> Any:
    """Fold white space and Unicode forms: line breaks in a YAML text carry no meaning."""
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if not text.isprintable() and any(_unwritable(character) for character in text):
        raise ValueError("it holds a control character; type the text again")
    if text in SPREADSHEET_ERRORS:
        raise ValueError("a spreadsheet's error stands in place of the text")
    return text


def _unwritable(character: str) -> bool:
    """Say whether workbooks and YAML files cannot hold this character."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"


def _version(value: Any) -> Any:
    """Take a version as text: the number 1.10 has already lost its last figure."""
    if isinstance(value, float):
        raise ValueError("write the version as text, in quotes")
    return str(value) if type(value) is int else value


def _decimal(value: Any) -> Any:
    """Read a number by its written form, so that 0.1 is one tenth and not its binary neighbour."""
    if isinstance(value, bool):
        raise ValueError("expected a number")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError("expected a number") from None


Text = Annotated[str, BeforeValidator(_plain), StringConstraints(min_length=1, max_length=5000)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9._-]*$", max_length=60)]
Version = Annotated[
    str,
    BeforeValidator(_version),
    StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]*$", max_length=40),
]
# Few enough figures to pass through any spreadsheet's binary numbers and come back the same.
Number = Annotated[Decimal, BeforeValidator(_decimal), Field(max_digits=12, decimal_places=6)]
Weight = Annotated[Number, Field(gt=0)]
Texts = Annotated[list[Text], Field(default_factory=list)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LookAtIn(_Part):
    interviews: Annotated[list[Text], Field(min_length=1)]
    documents: Annotated[list[Text], Field(min_length=1)]
    observations: Annotated[list[Text], Field(min_length=1)]


class LevelsIn(_Part):
    one: Annotated[Text, Field(alias="1")]
    two: Annotated[Text, Field(alias="2")]
    three: Annotated[Text, Field(alias="3")]
    four: Annotated[Text, Field(alias="4")]
    five: Annotated[Text, Field(alias="5")]

    def texts(self) -> dict[int, str]:
        return dict(enumerate((self.one, self.two, self.three, self.four, self.five), start=1))


class QuestionIn(_Part):
    id: Id
    version: Annotated[int, Field(ge=1)] = 1
    topic: Text
    key: bool = False
    text: Text
    intent: Text
    levels: LevelsIn
    criteria: dict[Literal["2", "3", "4", "5"], list[Text]] = Field(default_factory=dict)
    look_at: LookAtIn
    evidence: Annotated[list[EvidenceType], Field(min_length=2)]
    applies_to: Annotated[list[FacilityType], Field(min_length=1)]
    references: Texts
    metrics: Texts


class BankIn(_Part):
    area: Id
    title: Text
    questions: Annotated[list[QuestionIn], Field(min_length=1)]


class PlacedQuestionIn(_Part):
    """A bank question as a protocol uses it; what is not said here is the bank's."""

    id: Id
    weight: Weight = Decimal(1)
    key: bool | None = None


def _placed(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class ElementIn(_Part):
    id: Id
    title: Text
    questions: Annotated[
        list[Annotated[PlacedQuestionIn, BeforeValidator(_placed)]], Field(min_length=1)
    ]


class AreaIn(_Part):
    id: Id
    title: Text
    summary: Text
    weight: Weight = Decimal(1)
    elements: Annotated[list[ElementIn], Field(min_length=1)]


class ScaleLevelIn(_Part):
    level: Annotated[int, Field(ge=1, le=5)]
    name: Text
    description: Text


class RulesIn(_Part):
    cut_points: Annotated[list[Number], Field(min_length=4, max_length=4)] = Field(
        default_factory=lambda: [Decimal(c) for c in ("1.5", "2.5", "3.5", "4.5")]
    )
    coverage_min: Annotated[Number, Field(ge=0, le=1)] = Decimal("0.8")
    min_assessors: Annotated[int, Field(ge=1)] = 2
    single_assessor: Literal["flag", "not_rated"] = "flag"
    area_gate: Annotated[int, Field(ge=0, le=4)] | None = 1
    overall_gate: Annotated[int, Field(ge=0, le=4)] | None = 1


class ProtocolIn(_Part):
    format: Literal["openqmm-protocol/1"]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
    version: Version
    title: Text
    summary: Text
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] = "en"
    scale: Annotated[list[ScaleLevelIn], Field(min_length=5, max_length=5)]
    rules: RulesIn = Field(default_factory=RulesIn)
    areas: Annotated[list[AreaIn], Field(min_length=1)]
    questions: Annotated[list[QuestionIn], Field(default_factory=list)]
