"""The settings say what carries mail: a folder without a server, else the server."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from blog.lib.mail_settings import MailServer, MailSettings, Security
from blog.outbox.smtp import Carrier, Later, Sent, carrier_for
from tests.journeys.serving import ROOT
from tests.outbox.mailserver import mail_server

from .sending import MESSAGE, to


def sent_by(carrier: Carrier) -> object:
    return carrier.offer(to("ann@example.org"), MESSAGE) or carrier.finish()


def test_without_a_server_mail_goes_into_the_data_folder(tmp_path: Path) -> None:
    assert isinstance(sent_by(carrier_for(MailSettings(), tmp_path)), Sent)
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["1@journal.example.org.eml"]


def test_an_absolute_folder_is_where_it_says(tmp_path: Path) -> None:
    carrier = carrier_for(MailSettings(folder=tmp_path / "elsewhere"), tmp_path / "instance")
    assert isinstance(sent_by(carrier), Sent)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["1@journal.example.org.eml"]


def test_with_a_server_mail_goes_there_and_we_introduce_ourselves_by_the_domain_we_send_from(
    tmp_path: Path,
) -> None:
    with mail_server() as server:
        carrier = carrier_for(server.settings(), tmp_path)
        assert server.connections == 0
        assert isinstance(sent_by(carrier), Sent)
        carrier.close()
        assert server.commands[0] == "EHLO journal.example.org"
        assert server.taken[0].data == MESSAGE


def test_the_mail_server_of_the_tests_runs_alone_and_notes_what_it_took(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.outbox.mailserver", "--log", str(log), "--seconds", "60"]
    command += ["--close-every", "1", "--fault", "DATA=451 4.3.0 Later"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        server = MailServer("127.0.0.1", port, Security.NONE)
        carrier = carrier_for(MailSettings(server), tmp_path)
        assert isinstance(sent_by(carrier), Later)
        carrier.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert log.read_text() == ""
    with subprocess.Popen(command[:-2], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server = MailServer("127.0.0.1", int(process.stdout.readline()), Security.NONE)
        carrier = carrier_for(MailSettings(server), tmp_path)
        assert [type(sent_by(carrier)) for _ in range(3)] == [Sent] * 3
        carrier.close()
        process.send_signal(signal.SIGTERM)
    noted = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(entry["message_id"], entry["recipients"], entry["connection"]) for entry in noted] == [
        ("<1@journal.example.org>", ["ann@example.org"], number) for number in (1, 2, 3)
    ]
