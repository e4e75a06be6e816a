"""What stands in the place of a secret, and which texts of JSON data are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MASK = "***"

# Shorter texts are not hidden inside other text: masking every "a" would destroy the data.
MASKED_LENGTH_MIN = 4


def texts_in(data: Any) -> Iterator[str]:
    """Give all texts that are members of JSON data, at any depth; names of members are none."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for member in data.values():
            yield from texts_in(member)
    elif isinstance(data, list):
        for member in data:
            yield from texts_in(member)


def long_texts_in(data: Any) -> Iterator[str]:
    """Give those of the texts in JSON data that are long enough to be hidden wherever they stand."""
    return (text for text in texts_in(data) if len(text) >= MASKED_LENGTH_MIN)
