"""A headless Chromium, to look at pages as their readers do.

It is driven over a pair of pipes in the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/),
so it needs no package. Debian's is called chromium: ``apt-get install chromium``.
"""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from tests.conftest import ROOT, until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = (
    *("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
)


def find() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One tab of a headless Chromium, which has no network to go to.

    Attributes:
        requests: addresses that pages asked for, the pages' own included.
        problems: what pages wrote to the console, violations of their policy, their uncaught errors and dialogs.
    """

    def __init__(self, width: int = 1280, height: int = 900, *, dark: bool = False, language: str = "en-GB") -> None:
        program = find()
        if program is None:
            raise FileNotFoundError("there is no Chromium")
        self.requests: list[str] = []
        self.problems: list[str] = []
        self._number = 0
        self._events: list[str] = []
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, from_us = os.pipe()
        to_us, from_browser = os.pipe()

        def place_pipes() -> None:
            # It reads commands from 3 and writes answers to 4, where one of the ends itself may lie.
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self._process = subprocess.Popen(
            [program, *_OPTIONS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=place_pipes,
            pass_fds=(3, 4),
        )
        os.close(to_browser)
        os.close(from_browser)
        self._in, self._out = os.fdopen(from_us, "wb"), os.fdopen(to_us, "rb")
        self._rest = b""
        self._session: dict[str, str] = {}
        targets = self._call("Target.getTargets")["targetInfos"]
        tab = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=tab, flatten=True)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._call("Emulation.setUserAgentOverride", userAgent="Chromium", acceptLanguage=language)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._in.close()
        self._out.close()
        self._profile.cleanup()

    def open(self, page: Path | str) -> None:
        """Load a file or an address and wait until it is there."""
        self._events.clear()
        self._call("Page.navigate", url=page if isinstance(page, str) else page.resolve().as_uri())
        while "Page.loadEventFired" not in self._events:
            self._receive()

    def run(self, script: str) -> Any:
        """Return the value of a JavaScript expression; a promise's once it is kept."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def run_first(self, script: str) -> None:
        """Run JavaScript in each page that is opened from now on, before the page's own."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def wait_for(self, script: str, seconds: float = 60.0) -> None:
        """Wait until a JavaScript expression, or what it promises, is true."""
        until(lambda: self.run(f"Promise.resolve({script}).then(Boolean)"), seconds, script)

    def press(self, key: str, text: str = "") -> None:
        """Press and release a key, named as in `KeyboardEvent.key`; ``text`` is what it writes."""
        for phase in ("keyDown", "keyUp"):
            values = {"text": text} if text and phase == "keyDown" else {}
            code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}.get(key, ord(key[0].upper()))
            self._call("Input.dispatchKeyEvent", type=phase, key=key, windowsVirtualKeyCode=code, **values)

    def choose_files(self, selector: str, *files: Path) -> None:
        """Choose files in an input of a page."""
        root = self._call("DOM.getDocument")["root"]["nodeId"]
        node = self._call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._call("DOM.setFileInputFiles", nodeId=node, files=[str(file.resolve()) for file in files])

    def screenshot(self, target: Path, *, whole: bool = False) -> bytes:
        """Write a picture of what is seen, or of the whole page, and return it."""
        data = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        picture = base64.b64decode(data)
        target.write_bytes(picture)
        return picture

    def violations(self) -> list[str]:
        """Return what of the page breaks the rules of WCAG 2.2, levels A and AA, as far as axe-core can tell."""
        newest = ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
        # Without npm, older rules do.
        source = newest if newest.exists() else files("axe_core_python") / "axe.min.js"
        self.run(f"{source.read_text(encoding='utf-8')};0")
        rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }"
        described = "`${one.id} ${one.impact}: ${one.nodes.map((node) => node.html).join(' ')}`"
        found: list[str] = self.run(
            f"axe.run(document, {rules}).then((all) => all.violations.map((one) => {described}))"
        )
        return found

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters} | self._session
        self._in.write(json.dumps(message).encode() + b"\0")
        self._in.flush()
        while (answer := self._receive()).get("id") != self._number:
            """What else is told meanwhile is kept."""
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]  # type: ignore[no-any-return]

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._out.fileno(), 1 << 16)
            if not data:
                raise RuntimeError("the browser is gone")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        method, values = message.get("method", ""), message.get("params", {})
        self._events.append(method)
        if method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Log.entryAdded":
            self.problems.append(values["entry"]["text"])
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
            self.problems.append(json.dumps(values))
        return message
