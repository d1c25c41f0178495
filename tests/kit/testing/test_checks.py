"""Every check passes on the toy services of all tasks, and fails on a service that is broken for it."""

import itertools
import re
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import broken_rules
import broken_services as broken
import numpy as np
import pytest
from broken_services import GOOD, decided, encoded, lax, of_class, patched, reading, row, tabulated
from fastapi import FastAPI
from toys import SERVICES
from toys.classification import Record

from mlservice.model import artifact
from mlservice.schema.declare import number
from mlservice.serving import app, endpoints, model_loading
from mlservice.serving.bodies import read_json
from mlservice.serving.limits import Limits
from mlservice.testing import checks
from mlservice.testing.checks import CHECKS
from mlservice.testing.rows import UNLISTED
from mlservice.testing.toy_app import toy_predictor

COUNTER = itertools.count()
EXTRA = row(months=(int, number("Months", 0, 120, unit="months", example=500)))
NAMELESS = row(months=(int, number("", 0, 120, unit="months", example=5)))

BROKEN = {
    "check_example_is_valid": replace(GOOD, instance=EXTRA),
    "check_columns_are_described": replace(GOOD, instance=NAMELESS),
    "check_target_is_not_sent": replace(GOOD, instance=Record),
    "check_wrong_type_is_invalid": lax(model_config={"strict": False}),
    "check_integers_may_be_written_as_floats": lax(only_integers=broken_rules.only_integers),
    "check_limits_are_enforced": lax(unlimited=broken_rules.unlimited),
    "check_missing_values_are_valid_where_declared": lax(never_missing=broken_rules.never_missing),
    "check_columns_may_be_left_out_where_declared": lax(demanding=broken_rules.demanding),
    "check_unlisted_category_is_valid": lax(only_listed=broken_rules.only_listed),
    "check_schema_hash_is_stable": of_class(broken.Changing),
    "check_schema_hash_is_sensitive": of_class(broken.Constant),
    "check_service_can_be_pickled": replace(GOOD, label_of=lambda prediction: prediction.label),
    "check_matrix_has_a_name_for_each_column": encoded(more=["one more"]),
    "check_matrix_is_float32": encoded(lambda matrix, _: matrix.astype(np.float64)),
    "check_encoding_is_deterministic": encoded(lambda matrix, _: matrix + next(COUNTER)),
    "check_rows_are_encoded_independently": encoded(lambda matrix, _: matrix + len(matrix)),
    "check_no_rows_give_an_empty_matrix": encoded(lambda matrix, rows: matrix if rows else matrix[:, :0]),
    "check_missing_values_are_encoded": encoded(
        lambda matrix, rows: broken.infinite(matrix, rows, lambda one: one.charge is None)
    ),
    "check_unlisted_category_is_encoded": encoded(
        lambda matrix, rows: broken.infinite(matrix, rows, lambda one: one.contract == UNLISTED)
    ),
    "check_file_is_encoded_as_requests_are": encoded(table=lambda matrix: matrix + 1),
    "check_each_instance_gets_a_prediction": decided(lambda predictions: predictions[:1]),
    "check_predictions_are_of_their_type": replace(GOOD, prediction=broken.Tolerant),
    "check_predictions_are_finite": decided(
        lambda found: [one.model_copy(update={"probabilities": {"no": np.nan}}) for one in found]
    ),
    "check_prediction_example_is_valid": replace(GOOD, prediction=broken.Undocumented),
    "check_files_hold_what_answers_hold": tabulated(lambda columns: {"label": columns["label"]}),
    "check_labels_are_few": replace(GOOD, label_of=str),
    "check_decision_survives_the_manifest": replace(GOOD, decision=broken.Forgetful),
    "check_saved_model_predicts_the_same": decided(broken.chance),
    "check_changed_model_is_refused": patched(artifact.hashlib, "sha256", broken.one_hash),
    "check_model_of_another_schema_is_refused": of_class(broken.Constant),
    "check_model_of_another_encoding_is_refused": of_class(broken.Blind),
    "check_decision_of_another_shape_is_refused": replace(GOOD, decision=broken.Tolerant),
    "check_example_is_predicted": decided(broken.chance),
    "check_predictions_keep_the_order": decided(lambda found: found[::-1]),
    "check_unknown_column_is_named": lax(model_config={"extra": "ignore"}),
    "check_absent_column_is_named": lax(completed=broken_rules.completed),
    "check_column_that_is_left_out_is_null": lax(completed=broken_rules.completed),
    "check_wrong_type_is_named": lax(vague=broken_rules.vague),
    "check_refusal_holds_no_input": lax(echoing=broken_rules.echoing),
    "check_other_json_is_refused": reading(broken.anything),
    "check_large_body_is_refused": patched(Limits, "_read", broken.whole_body),
    "check_many_instances_are_refused": reading(broken.without_limit),
    "check_other_content_type_is_refused": reading(read_json, "text/plain"),
    "check_documented_example_is_accepted": reading(lambda request, *_: request.model_validate_json(b"{}")),
    "check_every_column_is_documented": replace(GOOD, instance=broken.Silent),
    "check_every_body_is_documented": patched(app, "request_body", broken.only_json, SERVICES["image"]),
    "check_documentation_needs_no_network": patched(app, "FastAPIOffline", FastAPI),
    "check_model_is_described": patched(endpoints, "described", lambda _: []),
    "check_service_is_ready_with_a_model": replace(GOOD, decide=broken.fails),
    "check_service_without_a_model_is_not_ready": patched(
        model_loading, "load_predictor", lambda service, _: toy_predictor(service)
    ),
    "check_predictions_are_counted_by_label": replace(GOOD, label_of=lambda _: str(next(COUNTER))),
    "check_json_lines_get_the_predictions_of_requests": tabulated(
        lambda columns: columns | {"number": np.full(len(columns["label"]), next(COUNTER))}
    ),
    "check_parquet_gets_the_predictions_of_requests": encoded(table=lambda matrix: matrix * 9),
    "check_csv_gets_the_predictions_of_requests": encoded(table=lambda matrix: matrix * 9),
    "check_columns_left_out_of_a_file_are_null": lax(completed=broken_rules.completed),
    "check_invalid_row_of_a_file_is_named": lax(forgiving=broken_rules.forgiving),
}


@pytest.mark.parametrize("task", SERVICES)
@pytest.mark.parametrize("check", CHECKS)
def test_a_check_passes_on_every_toy_service(check, task):
    check(SERVICES[task])


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_fails_on_a_service_that_is_broken_for_it(check):
    found = BROKEN[check.__name__]
    service, patch = found if isinstance(found, tuple) else (found, nullcontext())
    with patch, pytest.raises((AssertionError, pytest.fail.Exception)):
        check(service)


def test_every_check_of_the_modules_is_in_the_list_once():
    folder = Path(checks.__file__).parent
    texts = (path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    defined = [name for text in texts for name in re.findall(r"^def (check_\w+)", text, re.MULTILINE)]
    listed = [check.__name__ for check in (*CHECKS, *checks.SAMPLE_CHECKS)]
    assert sorted(defined) == sorted(set(listed)) == sorted(listed)


def test_every_check_says_in_one_sentence_what_it_asserts():
    for check in (*CHECKS, *checks.SAMPLE_CHECKS):
        assert re.fullmatch(r"[A-Z][^\n]+\.", check.__doc__), check.__name__
