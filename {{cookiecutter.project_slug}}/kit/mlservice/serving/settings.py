"""Where settings come from: knobs from params.yaml, limits from the environment.

A name that nobody declared is an error in both, so a typo never means "the default".
"""

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mlservice.errors import UserError
from mlservice.serving.settings import Keys, Origins

PARAMS = Path("params.yaml")
RAW = Path("data/raw.csv")
SPLITS = {
    name: Path(f"data/{name}.parquet") for name in ("train", "validation", "test")
}
CANDIDATE = Path("models/candidate")
BASELINE = Path("models/baseline")
CURRENT = Path("models/current")  # the champion: what is served
REPORTS = Path("reports")


class Section(BaseModel):
    """A group of knobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Share = Annotated[float, Field(gt=0, lt=0.5)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]


class Gate(Section):
    """When a candidate may ship: the stage whose knobs every task has."""

    metric: str
    min_gain: float
    confidence: float = Field(gt=0.5, lt=1)
    resamples: int = Field(ge=100)
    seed: Seed
    slices: tuple[str, ...]


class Budget(Section):
    """What the service must bear; `make load-test` judges by it."""

    users: int = Field(gt=0)
    requests_per_second: float = Field(gt=0)
    seconds: int = Field(gt=0)
    p99_ms: float = Field(gt=0)
    error_rate: float = Field(ge=0, lt=1)


class ParamsFile(Section):
    """The whole of params.yaml; `params.py` says what is in it."""

    @classmethod
    def load(cls, path: Path = PARAMS) -> Self:
        """Read and check the file; raise UserError naming each knob that is wrong."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise UserError(
                f"cannot read {path} ({error.strerror}); "
                "run this in the project's folder"
            ) from error
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except yaml.YAMLError as error:
            raise UserError(f"{path} is not valid YAML: {error}") from error
        except ValidationError as error:
            raise UserError(f"{path}: {sentence(error)}") from error


class Settings(BaseSettings):
    """Limits of the service, each from an environment variable `SERVE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="SERVE_",
        frozen=True,
        hide_input_in_errors=True,  # it may be a key
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
    workers: int = Field(1, ge=0, description="processes; 0: one for each core")
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
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def operators_are_apart(self) -> Self:
        """Refuse what would let every client in as an operator."""
        if self.admin_port and self.admin_port == self.port:
            raise ValueError("admin_port is port; leave it out to have one port")
        if set(self.api_keys) & set(self.admin_keys):
            raise ValueError("a key is in both api_keys and admin_keys; make two")
        return self

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raise UserError naming each variable that is wrong."""
        names = {f"SERVE_{name}" for name in map(str.upper, cls.model_fields)}
        for given in os.environ:
            if given.upper().startswith("SERVE_") and given.upper() not in names:
                [near] = difflib.get_close_matches(given.upper(), names, 1, cutoff=0)
                raise UserError(f"{given} is no setting; did you mean {near}?")
        try:
            return cls()
        except ValidationError as error:
            raise UserError(f"environment, SERVE_…: {sentence(error)}") from error


def sentence(error: ValidationError) -> str:
    """Every fault of a validation in one line: where, what."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in error.errors()
    )
