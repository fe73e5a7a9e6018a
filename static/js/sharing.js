// Says when an embargo ends where its reader is. Without scripts the page says it in UTC.

for (const time of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(time.dateTime);
  const there = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "long", timeStyle: "short",
  }).format(moment);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  time.textContent = time.dataset.local.replace("TIME", zone ? `${there} (${zone})` : there);
}
