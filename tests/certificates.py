"""Certificates for servers of the tests, each its own authority."""

import ssl
import subprocess
from pathlib import Path


def make_certificate(folder: Path, name: str) -> Path:
    """Make a certificate for a host name or address, its key in it and beside it (.key); return its path."""
    kind = "IP" if name.replace(".", "").isdigit() else "DNS"
    path = folder / f"{name}.pem"
    key = folder / f"{name}.key"
    made = subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={kind}:{name}"),
            *("-keyout", str(key), "-out", str(path)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    with path.open("a") as file:
        file.write(key.read_text())
    return path


def served_with(certificate: Path) -> ssl.SSLContext:
    """Return what a server needs to show this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
