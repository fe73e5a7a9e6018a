// What a browser can add to a release page: copy its text or address, share it, and the time
// at an office. Without scripts the page says the offset and links the text.

const say = (button, words) => {
  const status = button.closest(".tools").querySelector("[role=status]");
  status.textContent = words;
};

const tools = {
  async text(button) {
    const text = fetch(button.dataset.address).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    });
    if (window.ClipboardItem) {
      // Safari wants the write to begin within the click, before the text is there.
      const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      await navigator.clipboard.writeText(await text);
    }
  },
  link(button) {
    return navigator.clipboard.writeText(button.dataset.address);
  },
  mail(button) {
    const { title, address } = button.dataset;
    location.href = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(address)}`;
  },
  share(button) {
    return navigator.share({ title: button.dataset.title, url: button.dataset.address });
  },
};

// A browser has these powers only where the page came over HTTPS.
const able = { text: navigator.clipboard, link: navigator.clipboard, mail: true, share: navigator.share };

for (const button of document.querySelectorAll("button[data-tool]")) {
  const { tool } = button.dataset;
  if (!able[tool]) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await tools[tool](button);
      say(button, button.dataset.done ?? "");
    } catch (error) {
      if (error.name !== "AbortError") say(button, button.dataset.failed ?? "");
    }
  });
}

const clocks = document.querySelectorAll("[data-zone]");

const tick = () => {
  for (const clock of clocks) {
    const time = new Intl.DateTimeFormat("en-GB", {
      timeZone: clock.dataset.zone, hour: "2-digit", minute: "2-digit",
    }).format();
    clock.textContent = clock.dataset.words.replace("TIME", time);
  }
};

if (clocks.length) {
  tick();
  setInterval(tick, 10_000);
}
