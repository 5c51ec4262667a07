"""The two configurations of nginx that are measured: files as they lie there, and the shipped one before the site."""

import os
import re
from pathlib import Path

from .processes import ROOT

SHIPPED = ROOT / "deploy" / "nginx.conf"

_FRAME = """
daemon off;
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {inside}
}}
"""
_STATIC = """
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    gzip_static on;
    gzip_vary on;
    types {{ }}
    default_type "text/html; charset=utf-8";
    server {{
        listen 127.0.0.1:{port};
        root {pages};
    }}
"""


def static_files(folder: Path, port: int, pages: Path, workers: int) -> list[str]:
    """Return the command that serves a folder of pages with their compressed twins."""
    return _command(folder, _STATIC.format(port=port, pages=pages), workers)


def shipped(folder: Path, port: int, site_port: int, workers: int) -> list[str]:
    """Return the command that runs the shipped configuration before the site.

    It is changed as little as loopback needs: no TLS, which no other contender has either, other ports,
    logs in a folder of its own.
    """
    text = SHIPPED.read_text("utf-8")
    text = re.sub(r"(?m)^ *(ssl_\w+|listen +(\[::\]|443)).*;\n", "", text)
    text = re.sub(r"listen +80;", f"listen 127.0.0.1:{port};", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site_port}").replace("/var/log/nginx", str(folder))
    return _command(folder, text, workers)


def _command(folder: Path, inside: str, workers: int) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.getuid() == 0 else ""  # the folder of a run is closed to everybody else
    text = _FRAME.format(folder=folder, user=user, workers=workers, inside=inside)
    file = folder / "nginx.conf"
    file.write_text(text, "utf-8")
    return ["nginx", "-p", str(folder), "-c", str(file)]
