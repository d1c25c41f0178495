"""Every guard of the serving, of the batch and against faults has a rendered test that turns red without it."""

import pytest

pytestmark = pytest.mark.slow

PACKAGE = "src/customer_churn"

# guard: (module, what stands there, what stands there without it, the rendered test that must see it)
LIMITS = {
    "requests in flight": (
        "limits.py",
        "self.in_flight >= self.settings.max_in_flight",
        "False",
        "api/test_backpressure.py -k in_flight",
    ),
    "bytes in flight": (
        "limits.py",
        "self.bytes + size > BODIES * most",
        "False",
        "api/test_backpressure.py -k bodies_in_memory",
    ),
    "announced length": ("limits.py", "if size > most:", "if False:", "api/test_backpressure.py -k length_that_is"),
    "length that is read": (
        "routes.py",
        "if len(body) > limit:",
        "if False:",
        "api/test_limits.py -k bytes_and_no_more",
    ),
    "instances": ("api.py", "max_length=most", "max_length=None", "api/test_limits.py -k instances_and_no_more"),
    "queue": (
        "computing.py",
        "self._present > self._settings.max_queue",
        "False",
        "api/test_backpressure.py -k large_ones_wait",
    ),
    "deadline": (
        "computing.py",
        "wait_for(job, self._settings.deadline_seconds)",
        "wait_for(job, None)",
        "api/test_backpressure.py -k too_late",
    ),
    "thread": ("computing.py", "if size < LARGE:", "if True:", "api/test_backpressure.py -k small_do_not_wait"),
    "slow head": (
        "connections.py",
        "self.since < now - self._settings.header_seconds",
        "False",
        "api/test_connections.py -k trickling",
    ),
    "slow body": (
        "connections.py",
        "if self.since < late:",
        "if False:",
        "api/test_connections.py -k body_that_does_not_come",
    ),
    "slow reader": (
        "connections.py",
        "elif self._flushed < late:",
        "elif False:",
        "api/test_connections.py -k does_not_read",
    ),
    "endless head": (
        "protocol.py",
        "self.unfinished > MAX_HEAD",
        "False",
        "api/test_connections.py -k without_an_end",
    ),
    "crowd": (
        "connections.py",
        "len(self.connections) >= self._settings.max_connections",
        "False",
        "api/test_connections.py -k makes_room",
    ),
    "budget": ("../../tests/load/budget.py", "> budget.p99_ms", "> 1e9", "load -k at_its_budget"),
}
SECURITY = {
    "key": ("access.py", "if not self._knows(_digest(given)):", "if False:", "api/test_keys.py -k nothing_else"),
    "time of a key": ("access.py", "return sum(hmac", "return any(hmac", "api/test_keys.py -k same_time"),
    "key in an error": (
        "config.py",
        "hide_input_in_errors=True",
        "hide_input_in_errors=False",
        "api/test_keys.py -k unsafe_key",
    ),
    "operators' port": (
        "access.py",
        "path.startswith(OPERATORS) == by_theirs",
        "True",
        "api/test_operators.py",
    ),
    "headers": ("observe.py", "*policies(scope", "*(lambda _: [])(scope", "api/test_headers.py"),
    "escaped logs": ("logs.py", ", ensure_ascii=True", "", "api/test_log_safety.py"),
    "hostile body": ("routes.py", "except ValidationError", "except KeyError", "api/test_backpressure.py -k wrong"),
    "offer of HTTP/2": (
        "protocol.py",
        "except HttpParserUpgrade",
        "except BrokenPipeError",
        "api/test_fuzz_wire.py -k in_order",
    ),
}
RELOAD = {
    "hash": ("artifact.py", "!= manifest.sha256:", "== '':", "api/test_reload.py -k tampered"),
    "schema": ("artifact.py", "manifest.schema_hash != SCHEMA_HASH", "False", "api/test_reload.py -k schema"),
    "trial": (
        "predict.py",
        "self.predict([Instance.model_validate(EXAMPLE)])",
        "Instance.model_validate(EXAMPLE)",
        "api/test_reload.py -k refused",
    ),
    "old one until then": (
        "reload.py",
        "predictor = await asyncio.to_thread",
        "state.predictor = None; predictor = await asyncio.to_thread",
        "api/test_reload.py -k refused",
    ),
    "signal": ("reload.py", "signal.SIGHUP, asked.set", "signal.SIGUSR1, asked.set", "api/test_reload_live.py"),
}
FAULTS = {
    "model swapped": (
        "artifact.py",
        "        new.rename(folder)",
        "        shutil.copytree(new, folder)",
        "faults/test_killed.py -k promotes",
    ),
    "killed swap": (
        "artifact.py",
        "return old if not folder.exists() and old.exists() else folder",
        "return folder",
        "faults/test_reload_killed.py -k kill_left",
    ),
    "files replaced": (
        "whole.py",
        'new.rename(folder / ".ready")',
        "shutil.copytree(new, folder, dirs_exist_ok=True)",
        "faults/test_killed.py -k files_are_replaced",
    ),
    "full disk": (
        "artifact.py",
        "shutil.rmtree(new, ignore_errors=True)  # on",
        "pass  # on",
        "faults/test_disk.py -k leaves_what_was_there",
    ),
    "log without room": (
        "logs.py",
        "buffer.flush()\n        except OSError:",
        "buffer.flush()\n        except ValueError:",
        "faults/test_disk.py -k logs_have_no_room",
    ),
    "MLflow that is silent": (
        "tracking.py",
        'environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")',
        'environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "120")',
        "faults/test_away.py -k for_minutes",
    ),
    "MLflow that dies": (
        "tracking.py",
        "except (MlflowException, RequestException)",
        "except KeyError",
        "faults/test_away.py -k dies",
    ),
    "model folder": ("artifact.py", "except OSError as", "except KeyError as", "faults/test_unreadable.py"),
    "clock of durations": ("observe.py", "time.perf_counter()", "time.time()", "faults/test_clock.py -k measures"),
    "draining": (
        "lifecycle.py",
        "self._state.draining and now >= self._end",
        "self._state.draining",
        "api/test_lifecycle.py -k while_it_drains",
    ),
    "last call": (
        "listener.py",
        "taken.append(listener.accept()[0])",
        "listener.accept()",
        "api/test_lifecycle.py -k whoever_waits",
    ),
}
BATCH = {
    "rows that are done": (
        "batch.py",
        "source.chunks(size, pieces.rows)",
        "source.chunks(size, 0)",
        "code/test_predict_resume.py -k done_again",
    ),
    "gap between pieces": (
        "pieces.py",
        "rows == self._count * size and",
        "True and",
        "code/test_predict_resume.py -k not_whole",
    ),
    "another source": (
        "pieces.py",
        "given.get(name) != facts[name]",
        "False",
        "code/test_predict_resume.py -k another_source",
    ),
}
GUARDS = {**LIMITS, **SECURITY, **RELOAD, **FAULTS, **BATCH}


@pytest.fixture(scope="module")
def project(living, tmp_path_factory):
    """Return the folder that the rendered tests train in, made once for all of them."""
    folder = tmp_path_factory.mktemp("rendered")
    living.run(f"pytest -q --basetemp={folder} tests/code/test_saving.py -k promoting")
    return folder / "project0"


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_a_test_turns_red(living, project, name):
    module, old, new, tests = GUARDS[name]
    with living.changed(f"{PACKAGE}/{module}", old, new):
        command = f"pytest -x -q -p no:cacheprovider tests/{tests}"
        code, output = living.try_(command, TEST_PROJECT=str(project))
    assert code == 1, f"{tests} did not fail:\n{output[-2000:]}"  # 1: a test failed; 5: there is no such test
