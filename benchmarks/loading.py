"""Load from wrk, which answers for what it measured: every status, every length, every byte in all."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .asking import HOST, Question, ask

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Plan:
    """What is asked, in turn, and what the answers must be."""

    questions: Sequence[Question]
    status: int = 200
    alike: bool = True
    """Whether the answers are known beforehand; results of a search that was never asked before are not."""
    texts: Sequence[bytes] = ()
    """The pages that the answers must be, without their compression."""


@dataclass(frozen=True)
class Heard:
    """What wrk heard in one run."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float


class Load:
    """A plan written down for wrk, against one port."""

    def __init__(self, plan: Plan, port: int, folder: Path) -> None:
        """Ask everything that can be known beforehand once, and note its size."""
        self.plan, self.port = plan, port
        self.known = [ask(port, question) for question in plan.questions] if plan.alike else []
        for number, answer in enumerate(self.known):
            path = plan.questions[number].path
            if answer.status != plan.status:
                raise RuntimeError(f"{path} answered {answer.status}, not {plan.status}.")
            if plan.texts and answer.text != plan.texts[number]:
                raise RuntimeError(f"{path} is not the page it was when the site was asked first.")
        self.file = folder / f"plan-{port}.txt"
        lengths = sorted({len(answer.body) for answer in self.known})
        lines = [HOST, str(plan.status), " ".join(map(str, lengths))]
        lines += [f"{question.path}\t{question.etag}" for question in plan.questions]
        self.file.write_text("\n".join(lines) + "\n", "ascii")
        self.asked = 0

    def check(self, connections: int, seconds: int) -> None:
        """Let wrk look at every answer of a run that is not measured; raises RuntimeError where one is wrong."""
        found = self._finish(self.start(connections, seconds, "check"))
        if found["wrong"] or found["broken"] or not found["checked"]:
            raise RuntimeError(
                f"{found['wrong']} of {found['checked']} answers are wrong ({found['example']}), "
                f"{found['broken']} connections broke."
            )

    def measure(self, connections: int, seconds: int) -> Heard:
        """Return what a run heard whose answers were counted only."""
        return self.heard(self.start(connections, seconds, "measure"))

    def start(self, connections: int, seconds: int, way: str, pause_ms: int = 0) -> "subprocess.Popen[str]":
        """Start wrk; with a pause between two questions of a connection, if wanted."""
        command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT)]
        command += [
            f"http://127.0.0.1:{self.port}",
            "--",
            str(self.file),
            way,
            str(self.asked),
            str(pause_ms),
        ]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def heard(self, wrk: "subprocess.Popen[str]") -> Heard:
        """Return what wrk heard; raises RuntimeError where the answers were not what they should be."""
        found = self._finish(wrk)
        requests = found["requests"]
        bad = found["bad_status"] if self.plan.status < 400 else requests - found["bad_status"]
        if bad or found["broken"] or not requests:
            raise RuntimeError(
                f"Of {requests} answers {bad} had another status; {found['broken']} connections broke."
            )
        self._weigh(requests, found["bytes"])
        return Heard(
            requests, requests / found["microseconds"] * 1e6, found["p50"] / 1000, found["p99"] / 1000
        )

    def _finish(self, wrk: "subprocess.Popen[str]") -> dict[str, int]:
        said, _ = wrk.communicate()
        lines = [line for line in said.splitlines() if line.startswith("RESULT ")]
        if wrk.returncode or not lines:
            raise RuntimeError(f"wrk said:\n{said}")
        found: dict[str, int] = json.loads(lines[0].removeprefix("RESULT "))
        # Questions that must be new go on where the last run stopped; some were asked and not answered.
        self.asked += found["requests"] + 1000 if not self.plan.alike else 0
        return found

    def _weigh(self, requests: int, received: int) -> None:
        """Compare the bytes of all answers with what they must weigh: none shorter, none with an error in it."""
        if not self.known:
            return
        sizes = [answer.size for answer in self.known]
        expected = sum(sizes) / len(sizes) * requests
        # Answers on their way when the run ended, and a round through the questions that was not finished.
        open_ends = max(sizes) * 64 + sum(sizes)
        if abs(received - expected) > expected * 0.01 + open_ends:
            raise RuntimeError(f"{requests} answers weighed {received} bytes, not about {expected:.0f}.")
