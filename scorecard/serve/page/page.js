// What the page adds to the terminal of textual.js, before it begins and after it has ended.
"use strict";
{
  const WORDS = {
    4000: "The scorecard is closed.",
    4001: "The app has ended over an error. `scorecard check` and `scorecard tui` say more.",
    4002: "As many people as can be are looking already. Close one of the other pages.",
    1001: "The server has ended: start `scorecard serve` again, and use its new address.",
  };
  const LOST = "The connection is lost. Where `scorecard serve` was ended, start it again and use its new address.";
  const { nonce } = document.currentScript;

  // The page takes no styles but its own: those the terminal makes are told apart by the nonce.
  const make = Document.prototype.createElement;
  Document.prototype.createElement = function (...words) {
    const element = make.apply(this, words);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };

  // An address among the texts is a text.
  window.open = () => null;

  // textual.js keeps its socket to itself: this is how the page hears that it opens and closes.
  window.WebSocket = class extends WebSocket {
    constructor(address) {
      super(address);
      this.addEventListener("open", () => document.querySelector(".xterm-helper-textarea").focus());
      this.addEventListener("close", (event) => sayEnd(WORDS[event.code] ?? LOST));
    }

    send(message) {
      if (this.readyState === WebSocket.OPEN) super.send(message);
    }
  };

  // Cells are measured once, so the font has to be there; textual.js begins on load.
  addEventListener("DOMContentLoaded", () => {
    const begin = window.onload;
    window.onload = () => document.fonts.load("15px 'Roboto Mono'").finally(begin);
  });

  function sayEnd(word) {
    document.querySelector("dialog p").textContent = word;
    document.querySelector("dialog button").addEventListener("click", () => location.reload());
    document.querySelector("dialog").showModal();
  }
}
