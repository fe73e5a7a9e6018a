// What a browser can add to a release page: tell that it is read, copy its text or address, share
// it, and the time at an office. Without scripts a picture tells, and the page says the offset.

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

// A page that was fetched before anybody asked, or that waits in another tab, is not read yet. One
// that comes out of the back/forward cache was: nothing here runs again for it.
const inSight = () =>
  new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible" && !document.prerendering) resolve();
    };
    document.addEventListener("visibilitychange", look);
    document.addEventListener("prerenderingchange", look);
    look();
  });

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// 429 tells the number as well; a site that is busy or restarting is asked again a little later,
// and knows a reading that it has counted already.
const tell = async (address) => {
  for (const wait of [1, 4, 16, 0]) {
    const answer = await fetch(address, { method: "POST", keepalive: true }).catch(() => null);
    if (answer?.ok || answer?.status === 429) return (await answer.json()).views;
    if (!wait || (answer && answer.status < 500)) return null;
    await pause(wait * (0.5 + Math.random()));
  }
};

const number = document.querySelector("[data-views][data-address]");

const read = async () => {
  await inSight();
  const views = await tell(number.dataset.address);
  if (views !== null) number.textContent = views.toLocaleString(document.documentElement.lang);
};

// Not awaited: older browsers would pass over the whole script for an await out here.
if (number) read();
