"""What a first visit costs a reader on a phone, as Lighthouse sees it. `python -m benchmarks.first_visit [ROUNDS]`."""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIGHTHOUSE = Path(__file__).resolve().parent / "lighthouse"
PAGES = {"home": "/", "article": "/articles/sleep-and-memory", "FAQ": "/faq", "listing": "/articles"}
SCORES = ("performance", "accessibility", "best-practices", "seo")
CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
MISSING = {
    "node": "Node 20 is needed: apt-get install nodejs, or from your system's own packages.",
    "npm": "npm is needed: apt-get install npm, or from your system's own packages.",
    "chromium": "Chromium is needed: apt-get install chromium, or name one in BROADSHEET_CHROMIUM.",
}
START_SECONDS, RUN_SECONDS, TRIES = 120, 180, 3
WARMINGS = 8
"""How often each page is asked for first: enough for every worker to have it ready."""

Figures = dict[str, float]


def main(rounds: int) -> None:
    """Serve the demo, visit each page as a stranger, and print the medians as a table and as JSON."""
    chromium = os.environ.get("BROADSHEET_CHROMIUM") or shutil.which("chromium")
    found = {"node": shutil.which("node"), "npm": shutil.which("npm"), "chromium": chromium}
    if lacking := [MISSING[name] for name, path in found.items() if not path]:
        sys.exit("\n".join(lacking))
    install()
    with demo() as site:
        for path in PAGES.values():
            warm(site + path)
        visits = {name: [visit(site + path) for _ in range(rounds)] for name, path in PAGES.items()}
    medians = {
        name: {key: statistics.median(one[key] for one in runs) for key in runs[0]}
        for name, runs in visits.items()
    }
    print(table(medians))
    print(json.dumps(medians, indent=2))


def install() -> None:
    """Install Lighthouse as its lock file says, unless that has been done."""
    if not (LIGHTHOUSE / "node_modules" / "lighthouse").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=LIGHTHOUSE, check=True, stdout=sys.stderr)


@contextmanager
def demo() -> Iterator[str]:
    """Serve the demo on a free port; yield its address, and end it by its id."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with tempfile.TemporaryDirectory() as instance:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
        server = subprocess.Popen(
            [sys.executable, "app.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=kept | {"BLOG_INSTANCE": instance},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if server.stdout is None or not any("is ready at" in line for line in server.stdout):
                raise RuntimeError("The demo did not start.")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def warm(address: str) -> None:
    """Ask for a page as a browser does, so that the visit finds a site that is being read."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    for _ in range(WARMINGS):
        urllib.request.urlopen(request).close()


def visit(address: str) -> Figures:
    """Return what Lighthouse says of one visit; now and then it finds its own recording unusable."""
    for _ in range(TRIES):
        done = run_lighthouse(address)
        if done.returncode == 0:
            return figures(json.loads(done.stdout))
    raise RuntimeError(f"Lighthouse gave up on {address}: {done.stderr.strip()[-500:]}")


def run_lighthouse(address: str) -> "subprocess.CompletedProcess[str]":
    """Let Lighthouse visit the address with a fresh profile and its standard throttling."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            "node",
            str(LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"),
            address,
            "--quiet",
            "--output=json",
            "--no-enable-error-reporting",
            f"--only-categories={','.join(SCORES)}",
            f"--chrome-flags={CHROMIUM} --user-data-dir={profile}",
        ]
        env = os.environ | {
            "CHROME_PATH": os.environ.get("BROADSHEET_CHROMIUM") or shutil.which("chromium") or ""
        }
        return subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )


def figures(report: dict[str, Any]) -> Figures:
    """Return the scores, the times and the weight from a report; say on standard error what cost a score."""
    audits = report["audits"]
    for name in SCORES:
        for each in report["categories"][name]["auditRefs"]:
            audit = audits[each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"{report['requestedUrl']}: {name}: {audit['title']}", file=sys.stderr)
    asked = audits["network-requests"]["details"]["items"]
    text = [each for each in asked if each["resourceType"] in ("Document", "Stylesheet", "Script")]
    return {
        **{name: round(report["categories"][name]["score"] * 100) for name in SCORES},
        "lcp_ms": round(audits["largest-contentful-paint"]["numericValue"]),
        "cls": round(audits["cumulative-layout-shift"]["numericValue"], 4),
        "tbt_ms": round(audits["total-blocking-time"]["numericValue"]),
        "text_bytes": sum(each["transferSize"] for each in text),
        "text_requests": len(text),
        "bytes": sum(each["transferSize"] for each in asked),
        "requests": len(asked),
    }


def table(medians: dict[str, Figures]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| page | performance | accessibility | best practices | SEO | LCP | CLS | TBT | HTML, CSS, JS | all |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, one in medians.items():
        scores = " | ".join(f"{one[score]:.0f}" for score in SCORES)
        lines.append(
            f"| {name} | {scores} | {one['lcp_ms'] / 1000:.2f} s | {one['cls']:g} | {one['tbt_ms']:.0f} ms "
            f"| {one['text_bytes'] / 1000:.1f} kB in {one['text_requests']:.0f} requests "
            f"| {one['bytes'] / 1000:.1f} kB in {one['requests']:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
