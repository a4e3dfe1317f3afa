"""Passwords are kept nowhere: what is stored, logged or told goes through here."""

from __future__ import annotations

import re

USER = re.compile(r"(?<=://)[^/?#\s\"'<>]*@")
"""User and password of an address, up to the last `@` before the path: passwords have some."""
WORD = re.compile(r"(?<=://)([^/?#\s\"'<>:@]*):[^\s\"'<>]*@")
"""The user of an address, and a password in which anything may stand."""
PASSWORD = re.compile(r"(?i)\b(\w*password|passwd|pwd)(\s*=\s*)('[^']*'|[^\s&;'\"]+)")
"""As a parameter: `?sslpassword=...`, and in a driver's own notation."""
PARAMETER = re.compile(r"(?i)(?<=[?&])\w*password=[^&]*&?")


def hide_user(address: str) -> str:
    """The address of a proxy without user and password: either may be the secret.

    `http://ani:rahasia@proxy:3128` and `ani:rahasia@proxy:3128` alike.
    """
    scheme, mark, rest = address.partition("://")
    if not mark:
        scheme, rest = "", address
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def hide_password(address: str) -> str:
    """The address of a database without password, which its driver then looks for elsewhere."""
    return PARAMETER.sub("", WORD.sub(r"\1@", address)).rstrip("?&")


def hide_passwords(text: str) -> str:
    """A text without the users and passwords of the addresses in it, and without parameters that
    are passwords."""
    return PASSWORD.sub(r"\1\2***", USER.sub("", text))
