/* The buttons above a text: one stop of the Tab key, arrows from button to button. */

import { askForLink } from "./editor_link.js"

const run = (editor) => editor.chain().focus()

/* name: [icon, what it does, whether it is on, whether it can be done] */
const BUTTONS = {
  bold: ["format_bold", (e) => run(e).toggleBold().run(), (e) => e.isActive("bold")],
  italic: ["format_italic", (e) => run(e).toggleItalic().run(), (e) => e.isActive("italic")],
  superscript: ["superscript", (e) => run(e).unsetSubscript().toggleSuperscript().run(), (e) => e.isActive("superscript")],
  subscript: ["subscript", (e) => run(e).unsetSuperscript().toggleSubscript().run(), (e) => e.isActive("subscript")],
  link: ["insert_link", (e, words) => askForLink(e, words), (e) => e.isActive("link")],
  bullets: ["format_list_bulleted", (e) => run(e).toggleBulletList().run(), (e) => e.isActive("bulletList")],
  numbers: ["format_list_numbered", (e) => run(e).toggleOrderedList().run(), (e) => e.isActive("orderedList")],
  quote: ["format_quote", (e) => run(e).toggleBlockquote().run(), (e) => e.isActive("blockquote")],
  table: [
    "grid_on",
    (e) => run(e).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    null,
    (e) => !e.isActive("table"),
  ],
  undo: ["undo", (e) => run(e).undo().run(), null, (e) => e.can().undo()],
  redo: ["redo", (e) => run(e).redo().run(), null, (e) => e.can().redo()],
}
/* What can be done with the table around the cursor; these have words instead of icons. */
const TABLE_BUTTONS = {
  addRow: [null, (e) => run(e).addRowAfter().run()],
  addColumn: [null, (e) => run(e).addColumnAfter().run()],
  deleteRow: [null, (e) => run(e).deleteRow().run()],
  deleteColumn: [null, (e) => run(e).deleteColumn().run()],
  headerRow: [null, (e) => run(e).toggleHeaderRow().run()],
  deleteTable: [null, (e) => run(e).deleteTable().run()],
}
const GROUPS = {
  text: [
    ["bold", "italic", "superscript", "subscript"],
    ["link"],
    ["bullets", "numbers", "quote", "table"],
    ["undo", "redo"],
  ],
  summary: [["bold", "italic"], ["link"], ["undo", "redo"]],
}
const LEVELS = [2, 3, 4]

/** A toolbar for `editor`; `words` names its buttons in the reader's language. */
export function makeToolbar(editor, kind, words) {
  const bar = element("div", { className: "desk-toolbar" })
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", words.toolbar)
  const refreshers = []
  if (kind === "text") {
    const [select, refresh] = blockSelect(editor, words)
    bar.append(select)
    refreshers.push(refresh)
  }
  const add = (group, names, buttons) => {
    for (const name of names) {
      const [button, refresh] = makeButton(editor, name, buttons[name], words)
      group.append(button)
      refreshers.push(refresh)
    }
    bar.append(group)
  }
  for (const names of GROUPS[kind]) add(element("div", { className: "group" }), names, BUTTONS)
  if (kind === "text") {
    const group = element("div", { className: "group table" })
    add(group, Object.keys(TABLE_BUTTONS), TABLE_BUTTONS)
    refreshers.push(() => (group.hidden = !editor.isActive("table")))
  }
  const refresh = () => {
    refreshers.forEach((each) => each())
    keepOneStop(bar)
  }
  editor.on("transaction", refresh)
  refresh()
  moveByArrows(bar, editor)
  return bar
}

function makeButton(editor, name, [icon, act, isOn, canBeDone], words) {
  const button = element("button", { type: "button", title: words[name] })
  if (icon) {
    button.append(element("span", { className: "material-icons", textContent: icon, ariaHidden: "true" }))
    button.setAttribute("aria-label", words[name])
  } else button.textContent = words[name]
  const may = () => !canBeDone || canBeDone(editor)
  button.dataset.does = name
  button.addEventListener("mousedown", (event) => event.preventDefault()) // the text keeps its selection
  button.addEventListener("click", () => may() && act(editor, words))
  const refresh = () => {
    if (isOn) button.setAttribute("aria-pressed", isOn(editor))
    // Not `disabled`: the key that was pressed last must not lose its focus.
    button.setAttribute("aria-disabled", !may())
  }
  return [button, refresh]
}

function blockSelect(editor, words) {
  const select = element("select", { title: words.block })
  select.setAttribute("aria-label", words.block)
  select.append(new Option(words.paragraph, ""))
  for (const level of LEVELS) select.append(new Option(words[`heading${level}`], level))
  select.addEventListener("change", () => {
    const level = Number(select.value)
    if (level) run(editor).setHeading({ level }).run()
    else run(editor).setParagraph().run()
  })
  const refresh = () => {
    select.value = LEVELS.find((level) => editor.isActive("heading", { level })) ?? ""
  }
  return [select, refresh]
}

function stopsOf(bar) {
  return [...bar.querySelectorAll("button, select")].filter((stop) => !stop.closest("[hidden]"))
}

function keepOneStop(bar) {
  const stops = stopsOf(bar)
  const current = stops.find((stop) => stop.tabIndex === 0) ?? stops[0]
  for (const stop of bar.querySelectorAll("button, select")) stop.tabIndex = stop === current ? 0 : -1
}

function moveByArrows(bar, editor) {
  bar.addEventListener("keydown", (event) => {
    const stops = stopsOf(bar)
    const place = stops.indexOf(event.target)
    const to = {
      ArrowRight: (place + 1) % stops.length,
      ArrowLeft: (place - 1 + stops.length) % stops.length,
      Home: 0,
      End: stops.length - 1,
    }[event.key]
    if (event.key === "Escape") editor.commands.focus()
    if (to === undefined) return
    event.preventDefault()
    event.target.tabIndex = -1
    stops[to].tabIndex = 0
    stops[to].focus()
  })
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties)
}
