"""Mails and archives as clerks send them."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

from tests.support.archives_by_hand import Made, archive


def packed(files: Mapping[str, bytes], encoding: str = "gbk") -> bytes:
    """A ZIP archive as Windows makes it; the same bytes for the same files."""
    return archive(Made(name.encode(encoding), content) for name, content in files.items())


def mailed(
    files: Mapping[str, bytes], sender: str = "张三 <zs@example.cn>", subject: str = "报送", date: str | None = None
) -> bytes:
    """A mail with attachments; the same bytes for the same files."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    mail["Date"] = date or "Thu, 03 Apr 2025 09:00:00 +0800"
    mail.set_content("请查收。")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    mail.set_boundary("between")
    return mail.as_bytes()
