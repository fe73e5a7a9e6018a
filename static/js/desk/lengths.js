/* Says below a headline or a summary how long it is, while it is being written. */

for (const field of document.querySelectorAll("[data-length-words]")) {
  const told = document.createElement("p")
  told.className = "desk-length"
  told.id = `${field.id}_length`
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim())
  field.after(told)
  const limit = Number(field.dataset.limit)
  const tell = () => {
    const length = [...wordsOf(field)].length
    told.textContent = field.dataset.lengthWords.replace("{}", length.toLocaleString())
    told.classList.toggle("over", length > limit)
  }
  field.addEventListener("input", tell)
  field.addEventListener("change", tell)
  tell()
}

function wordsOf(field) {
  if (!field.dataset.editor) return field.value.trim()
  const { body } = new DOMParser().parseFromString(field.value, "text/html")
  body.querySelectorAll("p, br").forEach((part) => part.after(" "))
  return body.textContent.replace(/\s+/g, " ").trim()
}
