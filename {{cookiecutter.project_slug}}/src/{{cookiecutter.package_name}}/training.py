"""TRAINING: what evaluation, tuning and monitoring know of this service."""

from mlservice.training_spec import Training

from . import data, metrics, model, report
from .params import Params
from .service import SERVICE

TRAINING = Training(
    service=SERVICE,
    params=Params,
    assemble=data.assemble,
    read=data.read,
    trivial=model.trivial,
    baseline=model.baseline,
    candidates=model.CANDIDATES,
    packages=model.PACKAGES,
    metrics=metrics.metrics_for,
    choose_decision=metrics.choose_decision,
    enough=metrics.enough,
    needed=metrics.NEEDED,
    tables=report.tables,
    plots=report.plots,
)
