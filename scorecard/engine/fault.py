"""What an engine cannot do, as one sentence and a hint."""

from __future__ import annotations


class EngineError(Exception):
    """Why an engine gives no result. `message` holds no secret."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint
