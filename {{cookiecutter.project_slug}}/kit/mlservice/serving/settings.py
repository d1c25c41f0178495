"""Settings of the service, read from environment variables `SERVE_<NAME>`.

An undeclared variable is an error, so that a typo never means "the default".
"""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mlservice.errors import UserError, sentence
from mlservice.paths import CURRENT

GONE = {"SERVE_WORKERS": "run more replicas instead, each with one process"}


def _list_of(pattern: str, fault: str) -> BeforeValidator:
    """Return a validator that splits text at commas; it never quotes a value."""

    def split(given: object) -> object:
        if not isinstance(given, str):
            return given  # a tuple already
        words = tuple(
            stripped for each in given.split(",") if (stripped := each.strip())
        )
        if given and not words:
            raise ValueError("it is set, and holds nothing; leave it out instead")
        if not all(re.fullmatch(pattern, word) for word in words):
            raise ValueError(fault)
        return words

    return BeforeValidator(split)


KEYS = _list_of(
    "[!-~]{16,}",  # fewer can be guessed
    "a key needs 16 characters at least, of ASCII letters, digits and signs, no space; "
    "`openssl rand -hex 32` makes a good one",
)
ORIGINS = _list_of(
    r"https?://[^\s/?#@*]+", "an origin is like https://shop.example, without a path"
)
COLUMNS = _list_of(".*", "")
Columns = Annotated[tuple[str, ...], NoDecode, COLUMNS]
Keys = Annotated[tuple[SecretStr, ...], NoDecode, KEYS]
Origins = Annotated[tuple[str, ...], NoDecode, ORIGINS]


class Settings(BaseSettings):
    """Settings of the service, each from an environment variable `SERVE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="SERVE_", frozen=True, hide_input_in_errors=True  # it may be a key
    )

    model_dir: Path = Field(
        CURRENT, description="folder with model.onnx, manifest.json"
    )
    model_alias: str = Field("", description="MLflow alias to fetch it by instead")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    api_keys: Keys = Field((), description="keys of clients, by commas; none: open")
    admin_keys: Keys = Field((), description="keys of operators, by commas")
    admin_port: int = Field(0, ge=0, le=65535, description="port for them; 0: port")
    admin_host: str = Field("", description="address for them; empty: host")
    cors_origins: Origins = Field((), description="sites whose pages may ask")
    root_path: str = Field(
        "", pattern=r"^(/[\w.~-]+)*$", description="path prefix of a proxy: /churn"
    )
    forwarded_allow_ips: str = Field(
        "", description="proxies whose X-Forwarded-For is believed, by commas"
    )
    page: bool = Field(True, description="a page at / that asks; 0: none")
    max_body_bytes: int = Field(1_000_000, gt=0, description="a larger body gets 413")
    max_instances: int = Field(1_000, gt=0, description="more rows get 413")
    max_in_flight: int = Field(256, gt=0, description="more requests get 503")
    max_queue: int = Field(8, ge=0, description="more large requests get 503")
    max_connections: int = Field(1_000, gt=0, description="the most silent one goes")
    header_seconds: float = Field(10, gt=0, description="for a request's headers")
    deadline_seconds: float = Field(10, gt=0, description="to send, compute or read it")
    keep_alive_seconds: int = Field(75, ge=0, description="between two requests")
    drain_seconds: float = Field(1, ge=0, description="to answer on after SIGTERM")
    grace_seconds: int = Field(20, ge=0, description="to finish after that")
    retry_after_seconds: int = Field(5, ge=0, description="sent with each 503")
    explain: bool = Field(False, description='1: `"explain": true` is answered')
    prediction_log: str = Field("", description="folder of a prediction log")
    prediction_log_sample: float = Field(
        1, gt=0, le=1, description="share of the requests that it records"
    )
    prediction_log_omit: Columns = Field((), description="columns that it leaves out")
    prediction_log_text: bool = Field(False, description="1: with free texts")
    prediction_log_days: float = Field(30, gt=0, description="that its files are kept")
    prediction_log_max_bytes: int = Field(
        10_000_000_000, gt=0, description="of all its files"
    )
    unit_column: str = Field("", description="column that names the unit: a customer")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def separate_operators(self) -> Self:
        """Reject settings that give clients the rights of operators."""
        if self.admin_port and self.admin_port == self.port:
            raise ValueError("admin_port is port; leave it out to have one port")
        if set(self.api_keys) & set(self.admin_keys):
            raise ValueError("a key is in both api_keys and admin_keys; make two")
        return self

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raise UserError that names each invalid variable."""
        names = {f"SERVE_{name}" for name in map(str.upper, cls.model_fields)}
        for given in map(str.upper, os.environ):
            if given.startswith("SERVE_") and given not in names:
                [near] = difflib.get_close_matches(given, names, 1, cutoff=0)
                advice = GONE.get(given, f"did you mean {near}?")
                raise UserError(f"{given} is no setting; {advice}")
        try:
            return cls()
        except ValidationError as error:
            raise UserError(f"environment, SERVE_…: {sentence(error)}") from error
