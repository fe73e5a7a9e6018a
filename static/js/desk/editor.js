/* Puts an editor in place of each text area of the desk that holds HTML.

   The text area stays the one place that is sent and kept: the editor writes into it and says
   "input". Whoever writes into it from outside says "input" or "change", and the editor follows. */

import { Editor, Extension, Plugin } from "../../django_prose_editor/editor.js"
import { askForLink } from "./editor_link.js"
import { KINDS } from "./editor_schema.js"
import { makeToolbar } from "./editor_toolbar.js"

for (const textarea of document.querySelectorAll("textarea[data-editor]"))
  if (!textarea.id.includes("__prefix__")) edit(textarea)

function edit(textarea) {
  const words = JSON.parse(textarea.dataset.words)
  const kind = textarea.dataset.editor
  const place = document.createElement("div")
  place.className = `desk-editor ${kind}`
  textarea.before(place)
  let writing = false

  const editor = new Editor({
    element: place,
    content: textarea.value,
    injectCSS: false, // css/desk/writing.css has what is needed, as the policy of the site wants it
    enableInputRules: ["bulletList", "orderedList"],
    enablePasteRules: false,
    extensions: [...KINDS[kind], keys(words), described(textarea)],
    onUpdate() {
      writing = true
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
      writing = false
    },
  })
  place.prepend(makeToolbar(editor, kind, words))
  textarea.hidden = true
  const follow = () => writing || editor.commands.setContent(textarea.value, { emitUpdate: false })
  textarea.addEventListener("input", follow)
  textarea.addEventListener("change", follow)
  label(textarea)?.addEventListener("click", () => editor.commands.focus())
}

function label(textarea) {
  return document.querySelector(`label[for="${textarea.id}"]`)
}

/** Names the writing area by the label of the text area, and says its help and its errors. */
function described(textarea) {
  const name = label(textarea)
  if (name) name.id ||= `${textarea.id}_label`
  const attributes = {
    role: "textbox",
    "aria-multiline": "true",
    lang: textarea.lang,
    ...(name && { "aria-labelledby": name.id }),
  }
  for (const told of ["aria-describedby", "aria-invalid"])
    if (textarea.hasAttribute(told)) attributes[told] = textarea.getAttribute(told)
  return Extension.create({
    name: "described",
    addProseMirrorPlugins: () => [new Plugin({ props: { attributes } })],
  })
}

function keys(words) {
  return Extension.create({
    name: "keys",
    addKeyboardShortcuts() {
      return {
        "Mod-k": () => {
          askForLink(this.editor, words)
          return true
        },
        "Alt-F10": () => {
          this.editor.options.element.querySelector("[role=toolbar] [tabindex='0']").focus()
          return true
        },
      }
    },
  })
}
