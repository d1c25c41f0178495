"""A new model takes the old one's place, or is refused and changes nothing."""

import asyncio
import gc
import shutil
import threading
import time
import weakref

import pytest
from damaged_models import another, cut, edit_manifest, tamper, without_numbers
from mlservice.model import artifact, mlflow_registry
from mlservice.model.artifact import ArtifactError
from mlservice.serving import app, model_loading
from mlservice.serving.settings import Settings
from toys.classification import SERVICE
from toys.weights import FILE, listing, save_weights

EXAMPLE = SERVICE.example

KEY = "admin-key-0123456789"
BODY = {"instances": [EXAMPLE]}


REFUSED = {
    "tampered": (tamper, "is not what its manifest describes"),
    "half a model": (lambda f: cut(f, "model.onnx"), "is not what its manifest"),
    "half a manifest": (lambda f: cut(f, "manifest.json"), "is not valid"),
    "another schema": (
        lambda f: edit_manifest(f, schema_hash="0" * 64),
        "trained for another schema.py",
    ),
    "no numbers": (without_numbers, "fails on the example of schema.py"),
    "a file that is not listed": (lambda f: save_weights(SERVICE, f, outputs=2), f"{FILE}: `scorers` in service.py"),
    "no model": (shutil.rmtree, "no model in"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "no model in"),
    "no folder": (lambda f: (shutil.rmtree(f), f.touch()), "no model in"),
}


@pytest.fixture
def folder(model_folder, tmp_path):
    """A copy of the served model, which a test may change."""
    return shutil.copytree(model_folder, tmp_path / "served")


@pytest.fixture(scope="module")
def running(serving, model_folder, tmp_path_factory):
    """A service with a folder of its own, and an operator as its client."""
    folder = tmp_path_factory.mktemp("models") / "served"
    shutil.copytree(model_folder, folder)
    with serving(model_dir=folder, admin_keys=KEY) as client:
        client.headers["X-API-Key"] = KEY
        yield client, folder


@pytest.fixture
def service(running, model_folder):
    """That service; its folder holds the project's model again, whatever it serves."""
    client, folder = running
    client.folder = folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.unlink(missing_ok=True)
    shutil.copytree(model_folder, folder)
    return client


def served(client):
    """Return what version answers, and what the metrics say of it."""
    version = client.post("/predict", json=BODY).json()["model_version"]
    assert client.get("/readyz").json() == {"status": "ready", "model_version": version}
    return version, client.get("/metrics").text.count("\nmodel_info{")


def test_a_new_model_takes_the_old_one_s_place(service, log_lines):
    old, new = served(service)[0], another(service.folder)
    assert served(service) == (old, 1)
    answer = service.post("/admin/reload")
    assert (answer.status_code, answer.json()) == (200, {"model_version": new})
    assert served(service) == (new, 1)
    (line,) = [line for line in log_lines() if line["event"] == "reloaded"]
    assert (line["before"], line["model_version"]) == (old, new)


@pytest.mark.parametrize("spoil", REFUSED)
def test_what_must_not_be_served_is_refused(spoil, service, log_lines):
    old, (break_it, reason) = served(service)[0], REFUSED[spoil]
    break_it(service.folder)
    answer = service.post("/admin/reload")
    assert answer.status_code == 409
    assert reason in answer.json()["detail"] and "\n" not in answer.json()["detail"]
    assert served(service) == (old, 1)
    (line,) = [line for line in log_lines() if line["event"] == "reload refused"]
    assert line["level"] == "error" and reason in line["reason"]


def test_a_model_in_another_file_takes_the_place_of_an_onnx_model_and_back(serving, folder, model_folder):
    with serving(listing(SERVICE), model_dir=folder, admin_keys=KEY, explain=True) as client:
        client.headers["X-API-Key"] = KEY
        client.folder, old = folder, served(client)[0]
        new = save_weights(SERVICE, folder, outputs=2).model_version
        assert client.post("/admin/reload").status_code == 200
        assert served(client) == (new, 1) and new != old
        assert "has no explanation" in client.post("/predict", json={**BODY, "explain": True}).text
        shutil.copytree(model_folder, folder, dirs_exist_ok=True)
        assert client.post("/admin/reload").status_code == 200
        assert served(client) == (old, 1)


def test_after_a_refusal_a_good_model_is_taken(service, model_folder):
    tamper(service.folder)
    assert service.post("/admin/reload").status_code == 409
    shutil.copytree(model_folder, service.folder, dirs_exist_ok=True)
    new = another(service.folder)
    assert service.post("/admin/reload").status_code == 200
    assert served(service) == (new, 1)


def test_a_service_without_a_model_takes_one_at_once(serving, folder):
    parked = folder.rename(folder.with_name("parked"))
    with serving(model_dir=folder, admin_keys=KEY) as client:
        client.headers["X-API-Key"] = KEY
        assert client.get("/readyz").status_code == 503
        assert client.post("/admin/reload").status_code == 409
        parked.rename(folder)
        assert client.post("/admin/reload").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_a_model_without_numbers_does_not_end_the_start(serving, folder):
    without_numbers(folder)
    with serving(model_dir=folder) as client:
        assert client.get("/healthz").status_code == 200
        assert "fails on the example" in client.get("/readyz").json()["detail"]


def test_a_model_of_the_registry_is_fetched_anew(serving, folder, monkeypatch):
    monkeypatch.setattr(mlflow_registry, "fetch", lambda service, alias: artifact.load(service, folder))
    with serving(model_alias="champion", admin_keys=KEY) as client:
        client.headers["X-API-Key"] = KEY
        new = another(folder)
        assert client.post("/admin/reload").json() == {"model_version": new}

        def fail(_service, alias):
            raise ArtifactError(f"no MLflow answers for {alias}")

        monkeypatch.setattr(mlflow_registry, "fetch", fail)
        answer = client.post("/admin/reload")
        assert answer.status_code == 409
        assert "no MLflow answers for champion" in answer.json()["detail"]
        assert served(client) == (new, 1)


def test_while_a_model_is_loaded_others_are_answered(service, monkeypatch):
    asked, go_on, waited = threading.Event(), threading.Event(), []
    find = model_loading.load_predictor

    def slow(service, settings):
        asked.set()
        waited.append(go_on.wait(5))
        return find(service, settings)

    monkeypatch.setattr(model_loading, "load_predictor", slow)
    operator = threading.Thread(target=service.post, args=["/admin/reload"])
    operator.start()
    assert asked.wait(10)
    assert served(service)[1] == 1
    go_on.set()
    operator.join()
    assert waited == [True]


def test_two_reloads_at_once_follow_each_other(folder, monkeypatch):
    running, most = 0, []

    def find(service, settings):
        nonlocal running
        running += 1
        most.append(running)
        time.sleep(0.05)
        running -= 1
        return original(service, settings)

    async def both(application):
        return await asyncio.gather(model_loading.reload_model(application), model_loading.reload_model(application))

    original = model_loading.load_predictor
    monkeypatch.setattr(model_loading, "load_predictor", find)
    first, second = asyncio.run(both(app.create_app(SERVICE, Settings(model_dir=folder))))
    assert first == second and most == [1, 1]


@pytest.fixture(autouse=True)
def collected():
    """Undo what a service of this thread does to the garbage collection of the process."""
    yield
    gc.unfreeze()


def test_the_old_model_leaves_the_memory_and_what_stays_is_scanned_no_more(folder):
    async def reload():
        application = app.create_app(SERVICE, Settings(model_dir=folder))
        await model_loading.reload_model(application)
        old = application.state.predictor
        old.itself = old  # only the garbage collector frees what refers to itself
        old = weakref.ref(old)
        another(folder)
        await model_loading.reload_model(application)
        return old()

    assert asyncio.run(reload()) is None
    assert gc.get_freeze_count() > 10_000


def test_a_service_in_another_thread_leaves_the_garbage_collection_alone(service):
    assert service.post("/admin/reload").status_code == 200
    assert gc.get_freeze_count() == 0
