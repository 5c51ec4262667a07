"""A visitor of the site behind its proxy: one request, from an address of its own."""

import gzip
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlencode

HOST = "journal.example.org"
SECONDS = 20
"""A guard against hanging, far above what an answer takes."""


@dataclass(frozen=True)
class Door:
    """Where the site can be asked: a port of this machine, with TLS if there is a certificate to believe."""

    port: int
    certificate: str = ""

    def connect(self, source: str = "127.0.0.1", name: str = HOST) -> socket.socket:
        """Return a connection that comes from one of this machine's own addresses."""
        plain = socket.create_connection(("127.0.0.1", self.port), SECONDS, source_address=(source, 0))
        if not self.certificate:
            return plain
        return self.context().wrap_socket(plain, server_hostname=name)

    def context(self) -> ssl.SSLContext:
        """Return what believes the door's certificate and no other."""
        return ssl.create_default_context(cafile=self.certificate)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text, whatever it was packed in."""
        packed = self.headers["Content-Encoding"] == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass
class Visitor:
    """Someone who asks through one door, from one address."""

    door: Door
    source: str = "127.0.0.1"
    host: str = HOST
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send one request on a connection of its own; header names are written with underscores."""
        sent = {"Host": self.host, **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.door.port, timeout=SECONDS)
        connection.sock = self.door.connect(self.source)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def sign_up(self, email: str, **headers: str) -> Answer:
        """Post the signup form, as a browser does on one of the site's own pages."""
        body = urlencode({"email": email, "place": "page", "page": "/"}).encode()
        sent = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
        return self.ask("/newsletter/signup", "POST", body, **sent | headers)
