// A button beside each question that copies its address. Where the browser lends no clipboard, the heading is the link.

import { textButton } from "./make.mjs";

if (navigator.clipboard && isSecureContext) {
  for (const facts of document.querySelectorAll(".question-facts")) {
    // Elsewhere than in a guide a question may have no address of its own.
    const anchor = facts.closest(".question")?.querySelector(".anchor");
    if (!anchor) continue;
    const { href } = anchor;
    const button = textButton("Copy link", async () => {
      const copied = await navigator.clipboard.writeText(href).then(() => true, () => false);
      button.textContent = copied ? "Copied" : "Could not copy";
      setTimeout(() => { button.textContent = "Copy link"; }, 2000);
    }, { className: "text-button copy-link", "aria-live": "polite" });
    facts.append(button);
  }
}
