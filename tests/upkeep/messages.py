"""A letter in bytes that nothing is wrong with, for tests that then break it."""

LEAVE = "https://journal.example.org/newsletter/leave/abc"
POSTAL = "14 Linden Street, Anytown"
LETTER = f"""From: The Journal <letters@journal.example.org>
To: dee@example.org
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_an?= =?utf-8?b?IGFsbGU=?=
Date: Mon, 02 Mar 2026 09:00:00 +0000
Message-ID: <doctor@journal.example.org>
List-Id: The Journal <newsletter.journal.example.org>
List-Unsubscribe: <{LEAVE}>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_edge"

--=_edge
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, a line that is broken here =
and goes on.
{LEAVE}
{POSTAL}

--=_edge
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Gr=C3=BC=C3=9Fe</p><img src=3D"https://journal.example.org/media/a.jpg">
<a href=3D"{LEAVE}">Leave</a>
<p>{POSTAL}</p>

--=_edge--
""".replace("\n", "\r\n").encode()
