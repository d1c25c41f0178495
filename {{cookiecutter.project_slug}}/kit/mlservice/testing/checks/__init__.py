"""Checks that any service must pass, and checks of its sample data.

Each is a function of the service, and raises AssertionError if it fails.
"""

from collections.abc import Callable
from typing import Any

from mlservice.service import Service
from mlservice.testing.checks import (
    artifacts,
    batch,
    contract,
    encoding,
    endpoints,
    predictions,
    requests,
    samples,
)
from mlservice.testing.checks.samples import Sample

Check = Callable[[Service[Any, Any]], None]
SampleCheck = Callable[[Service[Any, Any], Sample], None]

CHECKS: tuple[Check, ...] = (
    contract.check_example_is_valid,
    contract.check_columns_are_described,
    contract.check_target_is_not_sent,
    contract.check_wrong_type_is_invalid,
    contract.check_integers_may_be_written_as_floats,
    contract.check_limits_are_enforced,
    contract.check_missing_values_are_valid_where_declared,
    contract.check_columns_may_be_left_out_where_declared,
    contract.check_unlisted_category_is_valid,
    contract.check_schema_hash_is_stable,
    contract.check_schema_hash_is_sensitive,
    contract.check_service_can_be_pickled,
    encoding.check_matrix_has_a_name_for_each_column,
    encoding.check_matrix_is_float32,
    encoding.check_encoding_is_deterministic,
    encoding.check_rows_are_encoded_independently,
    encoding.check_no_rows_give_an_empty_matrix,
    encoding.check_missing_values_are_encoded,
    encoding.check_unlisted_category_is_encoded,
    encoding.check_file_is_encoded_as_requests_are,
    predictions.check_each_instance_gets_a_prediction,
    predictions.check_predictions_are_of_their_type,
    predictions.check_predictions_are_finite,
    predictions.check_prediction_example_is_valid,
    predictions.check_files_hold_what_answers_hold,
    predictions.check_labels_are_few,
    predictions.check_decision_survives_the_manifest,
    artifacts.check_saved_model_predicts_the_same,
    artifacts.check_changed_model_is_refused,
    artifacts.check_model_of_another_schema_is_refused,
    artifacts.check_model_of_another_encoding_is_refused,
    artifacts.check_decision_of_another_shape_is_refused,
    requests.check_example_is_predicted,
    requests.check_predictions_keep_the_order,
    requests.check_unknown_column_is_named,
    requests.check_absent_column_is_named,
    requests.check_column_that_is_left_out_is_null,
    requests.check_wrong_type_is_named,
    requests.check_refusal_holds_no_input,
    requests.check_other_json_is_refused,
    requests.check_large_body_is_refused,
    requests.check_many_instances_are_refused,
    requests.check_other_content_type_is_refused,
    endpoints.check_documented_example_is_accepted,
    endpoints.check_every_column_is_documented,
    endpoints.check_every_body_is_documented,
    endpoints.check_documentation_needs_no_network,
    endpoints.check_model_is_described,
    endpoints.check_service_is_ready_with_a_model,
    endpoints.check_service_without_a_model_is_not_ready,
    endpoints.check_predictions_are_counted_by_label,
    batch.check_json_lines_get_the_predictions_of_requests,
    batch.check_parquet_gets_the_predictions_of_requests,
    batch.check_csv_gets_the_predictions_of_requests,
    batch.check_columns_left_out_of_a_file_are_null,
    batch.check_invalid_row_of_a_file_is_named,
)
SAMPLE_CHECKS: tuple[SampleCheck, ...] = (  # they take the module sample.py, too
    samples.check_sample_is_seeded,
    samples.check_sample_is_valid,
    samples.check_sample_has_every_class,
    samples.check_sample_command_writes_the_sample,
)
