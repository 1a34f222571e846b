"""How the app draws for a browser: through pipes to its server, which alone says how large the screen is.

The process names it in TEXTUAL_DRIVER. What is typed cannot resize the screen, nothing is opened in or handed to the
browser, and the app ends when its server is gone.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from textual import events
from textual.drivers.web_driver import WebDriver
from textual.message import Message


class BrowserDriver(WebDriver):
    """Textual's own, without the ways out."""

    def start_application_mode(self) -> None:
        """Begin; Textual takes a page to be looked away from until it hears otherwise, but ours was just opened."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def process_message(self, message: Message) -> None:
        """Take what was typed; a size among it is a terminal's answer that nobody asked for."""
        if not isinstance(message, events.Resize):
            super().process_message(message)

    def run_input_thread(self) -> None:
        """Read until the app ends, or end the app because nobody is there to type any more."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing: the browser goes nowhere on behalf of the app."""

    def deliver_binary(self, binary: Any, **_: Any) -> None:
        """Nothing: the browser is handed no files."""
        binary.close()
