"""The mail server: a connection that is encrypted and logged in, and messages handed over one recipient at a time.

What the server is asked before DATA can be asked again; what went wrong after the message was on its way is in doubt for ever.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.workspace.settings import MailSettings

PORTS = {"starttls": 587, "tls": 465, "none": 25}
SECONDS = 30
"""For a connection, and for every answer."""
SERVICE = "annex2"
"""In the keyring."""
OURSELVES = "[127.0.0.1]"
"""What we call ourselves: a PC's own name may be Chinese, and is nobody's business."""


class ServerTrouble(Exception):
    """The server takes nothing: ``problem`` and ``words`` name a text of ``trouble`` in mail.toml."""

    def __init__(self, problem: str, **words: str) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words


class Refused(Exception):
    """The server said no to this message for this recipient; the text is its answer."""


class NotHandedOver(Exception):
    """The connection broke before the message was on its way."""


class InDoubt(Exception):
    """The connection broke when the message was on its way, before the server had answered."""


@contextmanager
def connected(mail: MailSettings) -> Iterator[smtplib.SMTP]:
    """A connection to the server, ready for messages. Raises ServerTrouble."""
    for field in ("host", "sender"):
        if not getattr(mail, field):
            raise ServerTrouble("settings", field=field)
    password = (mail.password or _kept(mail.user)) if mail.user else ""
    if mail.user and not password:
        raise ServerTrouble("no_password")
    with _told(mail.host):
        server = _opened(mail)
    try:
        with _told(mail.host):
            server.ehlo_or_helo_if_needed()
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                _login(server, mail, password)
        yield server
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _opened(mail: MailSettings) -> smtplib.SMTP:
    port = mail.port or PORTS[mail.security]
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, port, OURSELVES, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(mail.host, port, OURSELVES, timeout=SECONDS)


def _login(server: smtplib.SMTP, mail: MailSettings, password: str) -> None:
    try:
        server.login(mail.user, password)
    except smtplib.SMTPAuthenticationError as error:
        raise ServerTrouble("password", host=mail.host, reason=answered(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise ServerTrouble("no_login", host=mail.host) from error
    except UnicodeError as error:  # smtplib sends ASCII
        raise ServerTrouble("password", host=mail.host, reason="ASCII") from error


@contextmanager
def _told(host: str) -> Iterator[None]:
    """What keeps a connection from being made becomes ServerTrouble."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise ServerTrouble("certificate", host=host, reason=error.verify_message) from error
    except ssl.SSLError as error:
        raise ServerTrouble("tls", host=host, reason=error.reason or str(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise ServerTrouble("no_starttls", host=host) from error
    except smtplib.SMTPResponseException as error:
        raise ServerTrouble("answer", host=host, reason=answered(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise ServerTrouble("unreachable", host=host, reason=getattr(error, "strerror", None) or str(error)) from error


def _kept(user: str) -> str:
    """The password in the system's own store; empty without one, and where there is no such store."""
    try:
        import keyring

        return keyring.get_password(SERVICE, user) or ""
    except Exception:  # an optional library with backends of its own: whatever it raises, there is no password
        return ""


def hand_over(server: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> str:
    """Give the server a message for one recipient; its answer. Raises Refused, NotHandedOver or InDoubt."""
    try:
        _expect(2, server.mail(sender))
        _expect(2, server.rcpt(recipient))
        _expect(3, server.docmd("DATA"))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise NotHandedOver from error
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", content) + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"))
        reply = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubt from error
    _expect(2, reply)
    return answered(*reply)


def _expect(kind: int, reply: tuple[int, bytes]) -> None:
    """The first digit of the answer. Raises Refused."""
    if reply[0] == -1:  # smtplib could not read an answer
        raise smtplib.SMTPServerDisconnected("no answer")
    if reply[0] // 100 != kind:
        raise Refused(answered(*reply))


def answered(code: int, text: bytes | str) -> str:
    """An answer as text: UTF-8, or GBK as servers here write it."""
    if isinstance(text, str):
        return f"{code} {text}"
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return f"{code} {text.decode(encoding)}"
    return f"{code} {text.decode('latin-1')}"
