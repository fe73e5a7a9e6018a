/* The dialog that asks where a link leads. */

const SCHEME = /^(https?:\/\/|mailto:|tel:|\/)/i
const MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/
const HOST = /^[^\s/:?#]+\.[^\s/:?#]+([/:?#]\S*)?$/

/** Ask for the address of the link at the cursor, or of a new one, and set it. */
export function askForLink(editor, words) {
  const { from, to, empty, $from } = editor.state.selection
  // Right behind a link the cursor is outside of it; whoever has just set one means that one.
  const marks = (empty && $from.nodeBefore?.marks) || []
  const before = marks.find((mark) => mark.type.name === "link")
  const old = editor.getAttributes("link").href ?? before?.attrs.href ?? ""
  const needsText = empty && !old
  const dialog = makeDialog(words, old, needsText)
  const form = dialog.querySelector("form")
  const { address, text } = form.elements

  address.addEventListener("input", () => address.setCustomValidity(""))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const href = fullAddress(address.value.trim())
    address.setCustomValidity(href ? "" : words.linkRefused)
    if (!form.reportValidity()) return
    dialog.close()
    const chain = editor.chain().focus().setTextSelection({ from, to })
    if (needsText) {
      const marks = [{ type: "link", attrs: { href } }]
      chain.insertContent({ type: "text", text: text.value.trim() || address.value.trim(), marks }).run()
    } else chain.extendMarkRange("link").setLink({ href }).setTextSelection(to).run()
  })
  form.elements.remove?.addEventListener("click", () => {
    dialog.close()
    editor.chain().focus().extendMarkRange("link").unsetLink().setTextSelection(to).run()
  })
  form.elements.cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => {
    dialog.remove()
    editor.commands.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
}

/** `address` with its scheme, or "" when it leads nowhere. */
function fullAddress(address) {
  if (SCHEME.test(address)) return address
  if (MAIL.test(address)) return `mailto:${address}`
  return HOST.test(address) ? `https://${address}` : ""
}

function makeDialog(words, address, needsText) {
  const dialog = document.createElement("dialog")
  dialog.className = "desk-dialog"
  dialog.setAttribute("aria-labelledby", "desk-link-title")
  const form = document.createElement("form")
  const title = document.createElement("h2")
  title.id = "desk-link-title"
  title.textContent = words.linkTitle
  form.append(title)
  form.append(field("address", words.linkAddress, address, true))
  if (needsText) form.append(field("text", words.linkText, "", false))
  const buttons = document.createElement("p")
  buttons.append(button("submit", "", words.linkSet))
  if (address) buttons.append(button("button", "remove", words.linkRemove))
  buttons.append(button("button", "cancel", words.cancel))
  form.append(buttons)
  dialog.append(form)
  return dialog
}

function field(name, words, value, required) {
  const label = document.createElement("label")
  const input = Object.assign(document.createElement("input"), { name, value, required, type: "text" })
  input.autocomplete = "off"
  label.append(words, input)
  return label
}

function button(type, name, words) {
  return Object.assign(document.createElement("button"), { type, name, textContent: words })
}
