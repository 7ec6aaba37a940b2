"""A real SMTP server in the test process: what it received, whom it refuses, and when it breaks off."""

from __future__ import annotations

import asyncio
import email
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "kjj", "secret-1"


@dataclass
class Post:
    """``refuse`` are addresses that RCPT is refused for. ``after_data`` is what the server does with a message it has taken."""

    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    break_at: str = ""
    kill: Callable[[], int] | None = None

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.break_at == "RCPT":
            server.transport.close()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos[0], message))
        if self.kill:
            os.kill(self.kill(), signal.SIGKILL)
        if self.break_at == "DATA":
            server.transport.close()
        return "250 queued as 4711"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.received]


class _Ready(Controller):
    """The controller's own trial connection knows no certificate of ours, and not the port that was free."""

    def _trigger_server(self) -> None:
        socket.create_connection(("127.0.0.1", port_of(self)), timeout=5).close()


def port_of(controller: Controller) -> int:
    assert isinstance(controller.server, asyncio.Server)
    return int(controller.server.sockets[0].getsockname()[1])


@contextmanager
def mail_server(
    post: Post, security: str = "starttls", *, name: str = "localhost", login: bool = True
) -> Iterator[dict[str, str]]:
    """A server for ``post``; the environment that annex2 finds it by. ``name`` is what its certificate is for."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    options: dict[str, Any] = {"authenticator": _authenticate, "auth_require_tls": False} if login else {}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = _Ready(post, "127.0.0.1", 0, ssl_context=context if security == "tls" else None, **options)
    controller.start()
    try:
        port = port_of(controller)
        with authority.cert_pem.tempfile() as trusted:
            yield {
                "ANNEX2_MAIL__HOST": "localhost",
                "ANNEX2_MAIL__PORT": str(port),
                "ANNEX2_MAIL__SECURITY": security,
                "ANNEX2_MAIL__SENDER": "kjj@example.com",
                "SSL_CERT_FILE": str(Path(trusted)),
            } | ({"ANNEX2_MAIL__USER": USER, "ANNEX2_MAIL__PASSWORD": PASSWORD} if login else {})
    finally:
        controller.stop()


def _authenticate(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)
