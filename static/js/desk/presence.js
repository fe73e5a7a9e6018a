// Tells the newsroom that this form is open, and the person who else has it open or has saved it.
// It only tells: what is saved, and whether, is decided when the form is sent.

(() => {
  const BEAT = 15_000; // milliseconds; the server forgets after 45 s

  document.addEventListener("DOMContentLoaded", () => {
    const bar = document.getElementById("desk-presence");
    const form = bar?.closest("form");
    if (!bar?.dataset.address) return;
    const field = (name) => form.querySelector(`input[name="${name}"]`)?.value ?? "";
    // Signing in again in another tab changes the token; the cookie has the new one.
    const token = () =>
      document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? field("csrfmiddlewaretoken");
    const words = (pattern, values) =>
      pattern.replace(/NAME|SINCE|STATE/g, (name) => values[name] ?? "");

    const show = (lines, link) => {
      const old = [...bar.querySelectorAll("p")].map((p) => p.firstChild?.textContent).join("\n");
      if (old === lines.join("\n")) return; // a screen reader would read it all again
      bar.replaceChildren(
        ...lines.map((line) => {
          const p = document.createElement("p");
          p.textContent = line;
          return p;
        }),
      );
      if (link) bar.append(link);
    };

    const signIn = () => {
      const link = document.createElement("a");
      link.href = location.href;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = bar.dataset.signIn;
      return link;
    };

    const beat = async () => {
      if (document.visibilityState !== "visible") return;
      const body = new URLSearchParams({
        csrfmiddlewaretoken: token(),
        made_from: field("_made_from"),
      });
      try {
        const answer = await fetch(bar.dataset.address, {
          method: "POST",
          body,
          redirect: "manual",
        });
        if (answer.type === "opaqueredirect") return show([bar.dataset.ended], signIn());
        if (!answer.ok) return;
        const { others, saved, state } = await answer.json();
        const lines = others.map(({ name, since }) =>
          words(bar.dataset.here, { NAME: name, SINCE: since }),
        );
        if (saved) lines.push(words(bar.dataset.saved, { NAME: saved.name, SINCE: saved.at }));
        if (state) lines.push(words(bar.dataset.moved, { STATE: state }));
        show(lines);
      } catch {
        // No network for a moment: the next beat tells.
      }
    };

    beat();
    setInterval(beat, BEAT);
    document.addEventListener("visibilitychange", beat);
    addEventListener("pageshow", (event) => event.persisted && beat());
    addEventListener("pagehide", () => {
      const body = new URLSearchParams({ csrfmiddlewaretoken: token(), bye: "1" });
      navigator.sendBeacon(bar.dataset.address, body);
    });
  });
})();
