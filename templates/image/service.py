"""SERVICE: what serving, predictions for files and Spark know of this package."""

from mlservice.service import Service
from mlservice.serving.bodies import form_of_files

from . import NAME, __version__
from .features import ENCODING
from .prediction import Decision, Prediction, decide, label_of, tabulate
from .schema import Instance, Record

SERVICE = Service(
    name=NAME,
    version=__version__,
    task="image",
    instance=Instance,
    record=Record,
    encoding=ENCODING,
    prediction=Prediction,
    decision=Decision,
    decide=decide,
    tabulate=tabulate,
    label_of=label_of,
    bodies={"multipart/form-data": form_of_files(Instance)},  # files, beside JSON
)
