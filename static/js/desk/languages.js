/* Korean and English in tabs, each with what it lacks; on a wide screen side by side as well.

   Without this script they are two field sets, one below the other. */

const sets = [...document.querySelectorAll("fieldset.language")]
const WIDE = matchMedia("(min-width: 75rem)")
const BESIDE = "desk-languages-beside"

if (sets.length > 1) arrange()

function arrange() {
  const room = element("div", { className: "desk-languages" })
  sets[0].before(room)
  const bar = element("div", { className: "bar" })
  const list = element("div", { className: "tabs" })
  list.setAttribute("role", "tablist")
  list.setAttribute("aria-label", words().languages)
  bar.append(list)
  room.append(bar)

  const tabs = sets.map((set, place) => makeTab(set, place, list))
  const panels = sets.map((set, place) => makePanel(set, tabs[place]))
  room.append(...panels)
  const open = (chosen, focus = false) => {
    tabs.forEach((tab, place) => {
      const is = place === chosen
      tab.setAttribute("aria-selected", is)
      tab.tabIndex = is ? 0 : -1
      panels[place].classList.toggle("closed", !is)
    })
    if (focus) tabs[chosen].focus()
  }
  tabs.forEach((tab, place) => tab.addEventListener("click", () => open(place)))
  list.addEventListener("keydown", (event) => {
    const place = tabs.indexOf(event.target)
    const to = {
      ArrowRight: (place + 1) % tabs.length,
      ArrowLeft: (place - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    open(to, true)
  })
  // A field that is asked for, by the address or by a finding of the doctor, opens its tab.
  const reveal = () => {
    const place = sets.findIndex((set) => location.hash && set.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`))
    if (place >= 0) open(place)
  }
  addEventListener("hashchange", reveal)
  const first = sets.findIndex((set) => set.querySelector(".errorlist"))
  open(first >= 0 ? first : Math.max(0, sets.findIndex((set) => fieldsOf(set).some((field) => field.value))))
  reveal()
  bar.append(besideButton(room))
}

function words() {
  return JSON.parse(document.querySelector("[data-languages-words]").dataset.languagesWords)
}

function makeTab(set, place, list) {
  const tab = element("button", { type: "button", id: `desk-language-${place}` })
  const heading = set.querySelector(".fieldset-heading")
  const name = heading.textContent
  // The tab says it where there are tabs, the heading where both languages stand side by side.
  const lacks = [element("span", { className: "lacks" }), element("span", { className: "lacks" })]
  tab.setAttribute("role", "tab")
  tab.append(name, " ", lacks[0])
  heading.append(" ", lacks[1])
  list.append(tab)
  const error = set.querySelector(".errorlist") ? words().error : ""
  const tell = () => {
    const missing = fieldsOf(set).filter((field) => !field.value.trim())
    const all = missing.length === fieldsOf(set).length
    const told = all ? [words().empty] : missing.map((field) => field.dataset.missing)
    for (const mark of lacks) {
      mark.textContent = [error, ...told].filter(Boolean).join(" · ")
      mark.classList.toggle("error", Boolean(error))
    }
  }
  set.addEventListener("input", tell)
  set.addEventListener("change", tell)
  tell()
  return tab
}

function makePanel(set, tab) {
  const panel = element("div", { id: `${tab.id}-panel`, className: "panel" })
  panel.setAttribute("role", "tabpanel")
  panel.setAttribute("aria-labelledby", tab.id)
  tab.setAttribute("aria-controls", panel.id)
  panel.append(set)
  return panel
}

function fieldsOf(set) {
  return [...set.querySelectorAll("[data-missing]")]
}

/** A button that shows both languages at once, for who translates; it is remembered. */
function besideButton(room) {
  const button = element("button", { type: "button", className: "beside", textContent: words().beside })
  const show = (beside) => {
    room.classList.toggle("both", beside && WIDE.matches)
    button.setAttribute("aria-pressed", beside)
    button.hidden = !WIDE.matches
  }
  button.addEventListener("click", () => {
    const beside = button.getAttribute("aria-pressed") !== "true"
    localStorage.setItem(BESIDE, beside ? "yes" : "")
    show(beside)
  })
  WIDE.addEventListener("change", () => show(button.getAttribute("aria-pressed") === "true"))
  show(Boolean(localStorage.getItem(BESIDE)))
  return button
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties)
}
