"""Write docs/pictures: the default service's page, report and summary, on a phone and a desktop, light and dark.

The headings of each are kept beside them: a test compares those, and no pixels.
"""

import argparse
import base64
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

from demo import run, served
from PIL import Image  # pylint: disable=import-error # runs in the environment of the library
from trial import ROOT, free_port

sys.path.insert(0, str(ROOT / "tests/kit"))
from browser import PROGRAM, browsing  # noqa: E402 pylint: disable=wrong-import-position,import-error

PICTURES = ROOT / "docs/pictures"
SIZES = {390: 844, 1280: 900}
MODES = ("light", "dark")
COLOURS = 64  # of a picture: it has text and lines
READY = {
    "page": "!!document.querySelector('#main:not([hidden])')",
    "report": "!!document.querySelector('#explorer:not([hidden])')",
    "summary": "!!document.querySelector('h2')",
}
HEADINGS = "[...document.querySelectorAll('h1, h2')].filter(e => e.innerText).map(e => e.innerText)"


def project(folder: Path, log: Path) -> Path:
    """Render the default service and train it; return its folder."""
    made = folder / "customer-churn"
    shutil.rmtree(made, ignore_errors=True)
    run("cookiecutter", ROOT, "--no-input", "--output-dir", folder, cwd=ROOT, log=log)
    run("make", "setup", "pipeline", cwd=made, log=log)
    return made


def shoot(browser, name: str, address: str) -> list[str]:
    """Write the pictures of one page; return its headings."""
    for width, height in SIZES.items():
        for mode in MODES:
            browser.open(address)
            browser.send(
                "Emulation.setDeviceMetricsOverride",
                **{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
            )
            browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": mode}])
            browser.until(READY[name])
            data = base64.b64decode(browser.send("Page.captureScreenshot")["data"])
            picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS)
            picture.save(PICTURES / f"{name}-{width}-{mode}.png", optimize=True)
    return list(browser.run(HEADINGS))


def main() -> None:
    """Render, train, serve, and write every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, help="a trained project to use instead of a new one")
    given = parser.parse_args().project
    if not PROGRAM:
        sys.exit("error: pictures need chromium, and there is none")
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    log = build / "pictures.log"
    made = (given or project(build, log)).resolve()
    PICTURES.mkdir(exist_ok=True)
    with (
        served(made, free_port(), log) as address,
        tempfile.TemporaryDirectory() as profile,
        browsing(profile) as browser,
    ):
        pages = {"page": f"{address}/"}
        pages |= {name: (made / f"reports/{name}.html").as_uri() for name in ("report", "summary")}
        headings = {name: shoot(browser, name, url) for name, url in pages.items()}
    text = json.dumps(headings, indent=2, ensure_ascii=False) + "\n"
    (PICTURES / "headings.json").write_text(text, encoding="utf-8")
    print(f"written: {PICTURES}")


if __name__ == "__main__":
    main()
