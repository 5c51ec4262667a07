"""Caddy with the shipped file, and a certificate that it need not fetch."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.certificates import make_certificate
from tests.journeys.serving import free_port

from .asking import HOST, Door
from .proxies import SHIPPED, Proxy, program, replaced, running


@contextmanager
def caddy(folder: Path, upstream: int) -> Iterator[Proxy]:
    """Run Caddy in front of the server on this port, as the shipped file says, with a certificate of our own."""
    folder.mkdir()
    found = program("caddy", "caddy")
    certificate = make_certificate(folder, HOST)
    plain, secure = Door(free_port()), Door(free_port(), str(certificate))
    text = (SHIPPED / "Caddyfile").read_text("utf-8")
    options = ("admin off", f"http_port {plain.port}", f"https_port {secure.port}", "default_bind 127.0.0.1")
    own = f"tls {certificate} {certificate.with_suffix('.key')}"
    changes = {"\n{\n": "\n{\n\t" + "\n\t".join(options) + "\n", "127.0.0.1:8000": f"127.0.0.1:{upstream}"}
    changes |= {f"\n{HOST} {{\n": f"\n{HOST} {{\n\t{own}\n", "/var/log/caddy/": f"{folder}/"}
    (folder / "Caddyfile").write_text(replaced(text, changes), "utf-8")
    given = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command, said = [found, "run", "--config", str(folder / "Caddyfile")], folder / "said.txt"
    with running(command, said, plain, secure, **given):
        yield Proxy(plain, secure, folder / "broadsheet.log", said)
