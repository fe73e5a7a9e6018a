// Copies what a new link is told by. Without scripts the fields can be selected by hand.

for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  field.addEventListener("focus", () => field.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    const status = button.closest(".made").querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.done;
    } catch {
      // Not over HTTPS, or forbidden.
      field.select();
      status.textContent = button.dataset.failed;
    }
  });
}
