"""nginx with the shipped file, as certbot leaves it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.certificates import make_certificate
from tests.journeys.serving import free_port

from .asking import HOST, Door
from .proxies import SHIPPED, Proxy, program, replaced, running

# What Debian's nginx.conf says, as far as it matters here.
_MAIN = """
{user}
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log {folder}/other.log;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/broadsheet.conf;
}}
"""
# What certbot writes at the end of the site's server, and behind it.
_CERTIFIED = """
    listen [::]:443 ssl ipv6only=on; # managed by Certbot
    listen 443 ssl; # managed by Certbot
    ssl_certificate {certificate}; # managed by Certbot
    ssl_certificate_key {key}; # managed by Certbot
    ssl_session_cache shared:le_nginx_SSL:10m;
    ssl_session_timeout 1440m;
    ssl_session_tickets off;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers off;

}}


server {{
    if ($host = {host}) {{
        return 301 https://$host$request_uri;
    }} # managed by Certbot


    listen 80;
    listen [::]:80;
    server_name {host};
    return 404; # managed by Certbot


}}"""


def certified(shipped: str, certificate: Path) -> str:
    """Return nginx's configuration as `certbot --nginx --redirect` leaves it.

    Seen with certbot 2.1 and 5.8; what the site's server includes of certbot's own stands here in its place.
    """
    before, site = shipped[: shipped.rindex("server {")], shipped[shipped.rindex("server {") :]
    site = replaced(site, {"    listen 80;\n    listen [::]:80;\n": ""})
    added = _CERTIFIED.format(certificate=certificate, key=certificate.with_suffix(".key"), host=HOST)
    return before + site.rstrip().removesuffix("}") + added


@contextmanager
def nginx(folder: Path, upstream: int, *, with_certificate: bool = True) -> Iterator[Proxy]:
    """Run nginx in front of the server on this port, as the shipped file and certbot say."""
    folder.mkdir()
    found = program("nginx", "nginx-light")
    certificate = make_certificate(folder, HOST)
    plain, secure = Door(free_port()), Door(free_port(), str(certificate))
    text = (SHIPPED / "nginx.conf").read_text("utf-8")
    if with_certificate:
        text = certified(text, certificate)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)  # not every machine has IPv6
    changes = {"listen 80;": f"listen 127.0.0.1:{plain.port};", "/var/log/nginx/": f"{folder}/"}
    changes |= {"listen 443 ": f"listen 127.0.0.1:{secure.port} ", "127.0.0.1:8000": f"127.0.0.1:{upstream}"}
    (folder / "broadsheet.conf").write_text(replaced(text, changes), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # another could not reach a test's folder
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    command = [found, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with running(command, folder / "said.txt", plain, secure):
        yield Proxy(plain, secure, folder / "broadsheet.log", folder / "error.log")
