/* Names for inputs of the stock admin that have their words beside them, but no label. */

function nameAll() {
  for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])"))
    name(field, headOf(field.closest("td")))
  // What stands before the field where there is no room for columns.
  for (const cell of document.querySelectorAll(".tabular tr.form-row > td:not(.original)"))
    cell.dataset.label = headOf(cell)
  for (const field of document.querySelectorAll("p.datetime input")) {
    const row = field.closest(".form-row, td").querySelector("label, legend")
    name(field, `${words(row)} ${words(field.previousSibling)}`)
  }
  for (const choice of document.querySelectorAll(".select2-selection[role=combobox]")) nameChoice(choice)
  // Its label is a picture, and speaks English on every page.
  const search = document.querySelector("#searchbar")
  search?.setAttribute("aria-label", search.form.querySelector("[type=submit]").value)
  for (const head of document.querySelectorAll("th.original")) {
    const cell = document.createElement("td")
    cell.className = head.className
    head.replaceWith(cell)
  }
}

function name(field, label) {
  if (!field.labels?.length && !field.hasAttribute("aria-label") && label.trim())
    field.setAttribute("aria-label", label.trim())
}

/** The words above a cell, which no part of the page ties to it. */
function headOf(cell) {
  const heads = cell.closest("table").tHead.rows[0].cells
  const cells = [...cell.parentElement.cells].filter((each) => !each.classList.contains("original"))
  const named = [...heads].filter((head) => !head.classList.contains("original"))
  return words(named[cells.indexOf(cell)])
}

/** A field that offers what the first letters find: its own label does not reach it. */
function nameChoice(choice) {
  const select = choice.closest(".select2-container").previousElementSibling
  const label = select?.labels?.[0]
  if (label) label.id ||= `${select.id}_label`
  const shown = choice.querySelector("[role=textbox]")
  for (const attribute of ["role", "aria-readonly"]) shown?.removeAttribute(attribute)
  if (label) choice.setAttribute("aria-labelledby", `${label.id} ${shown?.id ?? ""}`)
  else choice.setAttribute("aria-label", select?.getAttribute("aria-label") ?? "")
  if (!label) choice.removeAttribute("aria-labelledby")
}

function words(node) {
  return (node?.textContent ?? "").trim().replace(/:$/, "")
}

// Behind what the admin's own scripts do when the page is ready.
const whenReady = window.django?.jQuery ?? ((todo) => addEventListener("load", todo))
whenReady(nameAll)
document.addEventListener("formset:added", () => setTimeout(nameAll))
