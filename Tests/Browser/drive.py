"""Drives headless Chromium through one page, by its DevTools protocol over two pipes.

    drive.py FILE < STEPS

STEPS is a JSON list. Each step is an object with one key: what to do. Printed is one JSON object: `results`, an entry for
each step; `console`, errors and warnings of the page; `requests`, every address that the page asked for.

    {"eval": "1 + 1"}                    a value of the page, awaited if it is a promise
    {"key": "Enter"}                     a key press; with "modifiers": 2 for Ctrl
    {"type": "text"}                     text into what has the focus
    {"click": [10, 20]}                  a click, there or where an expression says; {"move": …} only moves the pointer
    {"screenshot": "a.png"}              of the window
    {"pdf": "a.pdf"}                     as it is printed
    {"media": "dark"}                    prefers-color-scheme; "print": as paper has it, which no beforeprint announces
    {"scripts": false}                   loads the page again without scripts
    {"size": [1200, 800]}                of the window, before the page is loaded again
"""

import base64
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time


class Browser:
    def __init__(self, folder):
        to_child, self.output = os.pipe()
        self.input, from_child = os.pipe()
        # The browser reads commands from descriptor 3 and writes answers to 4.
        shell = f"exec 3<&{to_child} 4>&{from_child}; exec chromium \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--disable-extensions", "--remote-debugging-pipe",
             f"--user-data-dir={folder}", "about:blank"],
            pass_fds=(to_child, from_child), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_child)
        os.close(from_child)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []
        self.has_scripts = True

    def message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise SystemExit("the browser ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        while True:
            for known in self.events:
                if known.get("method") == event:
                    self.events.remove(known)
                    return
            self.events.append(self.message())

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def settle(self):
        """Lets what was asked for be drawn."""
        if not self.has_scripts:
            # There is nobody to tell when.
            time.sleep(0.3)
            return
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


KEYS = {"Enter": (13, "\r"), "Escape": (27, None), "Tab": (9, None), " ": (32, " "), "Home": (36, None),
        "ArrowLeft": (37, None), "ArrowUp": (38, None), "ArrowRight": (39, None), "ArrowDown": (40, None)}


def step(browser, wanted, url):
    (kind,) = [key for key in wanted if key not in ("modifiers", "clip")]
    value = wanted[kind]
    if kind == "eval":
        return browser.evaluate(value)
    if kind == "key":
        code, text = KEYS[value] if value in KEYS else (ord(value.upper()), value)
        modifiers = wanted.get("modifiers", 0)
        more = {"text": text} if text and not modifiers else {}
        browser.call("Input.dispatchKeyEvent", type="keyDown", key=value, windowsVirtualKeyCode=code, modifiers=modifiers,
                     **more)
        browser.call("Input.dispatchKeyEvent", type="keyUp", key=value, windowsVirtualKeyCode=code, modifiers=modifiers)
    elif kind == "type":
        browser.call("Input.insertText", text=value)
    elif kind in ("click", "move"):
        x, y = browser.evaluate(value) if isinstance(value, str) else value
        place = {"x": x, "y": y}
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
        if kind == "click":
            for action in ("mousePressed", "mouseReleased"):
                browser.call("Input.dispatchMouseEvent", type=action, button="left", clickCount=1, **place)
    elif kind == "screenshot":
        browser.settle()
        picture = browser.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(value).write_bytes(base64.b64decode(picture))
    elif kind == "pdf":
        document = browser.call("Page.printToPDF", printBackground=True, landscape=True)["data"]
        pathlib.Path(value).write_bytes(base64.b64decode(document))
    elif kind == "media":
        feature = {"name": "prefers-color-scheme", "value": "light" if value == "print" else value}
        browser.call("Emulation.setEmulatedMedia", media="print" if value == "print" else "", features=[feature])
    elif kind == "scripts":
        browser.call("Emulation.setScriptExecutionDisabled", value=not value)
        browser.has_scripts = value
        load(browser, url)
    elif kind == "size":
        browser.call("Emulation.setDeviceMetricsOverride", width=value[0], height=value[1], deviceScaleFactor=1, mobile=False)
        load(browser, url)
    else:
        raise SystemExit(f"no step {kind}")
    if kind != "screenshot":
        browser.settle()
    return None


def load(browser, url):
    start = time.monotonic()
    browser.call("Page.navigate", url=url)
    browser.wait("Page.loadEventFired")
    browser.settle()
    return time.monotonic() - start


def main():
    url = pathlib.Path(sys.argv[1]).resolve().as_uri()
    steps = json.load(sys.stdin)
    # A page that does not answer fails, and does not wait for ever.
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("the page did not answer for two minutes"))
    signal.alarm(120)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(domain + ".enable")
            browser.call("Emulation.setDeviceMetricsOverride", width=1200, height=800, deviceScaleFactor=1, mobile=False)
            seconds = load(browser, url)
            results = [step(browser, wanted, url) for wanted in steps]
            console, requests = [], []
            for event in browser.events:
                method, facts = event.get("method"), event.get("params", {})
                if method == "Runtime.exceptionThrown":
                    console.append(json.dumps(facts["exceptionDetails"]))
                elif method == "Runtime.consoleAPICalled" and facts["type"] in ("error", "warning", "assert"):
                    console.append(json.dumps(facts["args"]))
                elif method == "Log.entryAdded":
                    console.append(facts["entry"]["text"])
                elif method == "Network.requestWillBeSent":
                    requests.append(facts["request"]["url"])
                elif method == "Page.javascriptDialogOpening":
                    console.append("a dialog: " + facts["message"])
            print(json.dumps({"results": results, "console": console, "requests": requests, "seconds": seconds}))
        finally:
            browser.process.kill()
            browser.process.wait()


main()
