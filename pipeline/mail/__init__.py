"""Mails of a period (wording.md 11): composed from its picture, written as drafts, handed to a server."""
