/* What other programs put on the clipboard, as the HTML that releases are made of.

   The policy of the site forbids styles, so a browser drops and reports each one when it reads
   pasted HTML. They go by another name here, are read as text, and said again by elements. */

import { Extension, Plugin, pm } from "../../django_prose_editor/editor.js"

const { Fragment, Slice } = pm.model ?? pm

/* Blocks that the editor would otherwise take for a part of a line. */
const BLOCKS = "center, details, dt, legend, main, nav, summary"
const UNSEEN = "link, meta, noscript, script, template, title, xml, xmp"
const TAG = /<[a-z][^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>/gi
const STYLE_ATTRIBUTE = /"[^"]*"|'[^']*'|(?<=[\s"'/])style(?=\s*=)/gi
const LIST_LEVEL = /mso-list:\s*l(\d+)\s+level(\d+)/i
const NUMBERED = /^[\s(]*(?:(\d+)|[a-z]|[ivxlc]+|[가-하])\s*[.)]|^\s*[①-⑳]/i
const ADDRESS = /((?:https?:\/\/|www\.)[\w\-.~:/?#@!$&*+,;=%()]*[\w/#=&])|([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})/gi

export const Paste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html, view) =>
            cleanPasted(html, { tables: Boolean(view.state.schema.nodes.table) }),
          transformPasted: (slice) => tidySlice(slice),
          clipboardTextParser: (text, $context, plain, view) => readPlain(text, view.state.schema),
        },
      }),
    ]
  },
})

/** HTML of `html` without styles, with the lists, the emphasis and the blocks that it meant. */
export function cleanPasted(html, { tables = true } = {}) {
  if (html.includes("data-pm-slice")) return html // copied in this editor
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html")
  const styles = stylesOf(page)
  page.querySelectorAll(UNSEEN).forEach((element) => element.remove())
  cleanCharacters(page)
  joinWordLists(page.body, styles)
  mendNestedLists(page.body)
  if (tables) flattenLayout(page.body)
  else page.body.querySelectorAll("caption, td, th").forEach((cell) => rename(cell, "div"))
  nameBlocks(page.body)
  mendLinks(page.body)
  sayEmphasis(page.body, styles)
  return page.body.innerHTML
}

/* Styles */

/** `html` with its style attributes as data-style, its style elements as xmp: text as it stands. */
function withoutStyles(html) {
  return html
    .replace(/(<\/?)style(?=[\s>])/gi, "$1xmp")
    .replace(TAG, (tag) => tag.replace(STYLE_ATTRIBUTE, (part) => (/^s/i.test(part) ? "data-style" : part)))
}

/** A function that gives what an element's style, or its class in a style sheet, says. */
function stylesOf(page) {
  const ofClass = new Map()
  for (const sheet of page.querySelectorAll("xmp"))
    for (const [, name, text] of sheet.textContent.matchAll(/\.([\w-]+)\s*\{([^}]*)\}/g))
      ofClass.set(name, declarations(text))
  return (element) =>
    Object.assign(
      {},
      ...[...element.classList].map((name) => ofClass.get(name)),
      declarations(element.dataset.style ?? ""),
    )
}

function declarations(text) {
  const found = {}
  for (const part of text.split(";")) {
    const colon = part.indexOf(":")
    if (colon > 0) found[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim()
  }
  return found
}

/* Characters */

function cleanCharacters(page) {
  const comments = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT)
  for (const comment of nodesOf(comments)) comment.remove()
  for (const text of nodesOf(page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT))) {
    text.data = text.data.replace(/\u00a0/g, " ").replace(/[\u00ad\u200b\ufeff]/g, "")
    if (text.parentElement.closest("pre")) breakLines(text)
  }
}

function breakLines(text) {
  const lines = text.data.split("\n")
  text.replaceWith(...lines.flatMap((line, i) => (i ? [text.ownerDocument.createElement("br"), line] : [line])))
}

function nodesOf(walker) {
  const nodes = []
  while (walker.nextNode()) nodes.push(walker.currentNode)
  return nodes
}

/* Lists */

/** Word writes an item as a paragraph with its level in the style, and its mark as text. */
function joinWordLists(body, styles) {
  let open = [] // the lists around the last item, outermost first
  for (const item of body.querySelectorAll("p[data-style*='mso-list' i]")) {
    const [, list, level] = LIST_LEVEL.exec(item.dataset.style) ?? []
    if (!list) continue
    const mark = [...item.querySelectorAll("[data-style]")].find(
      (part) => styles(part)["mso-list"]?.toLowerCase() === "ignore",
    )
    const [numbered, number] = NUMBERED.exec(mark?.textContent ?? "") ?? []
    mark?.remove()
    const kind = { list, tag: numbered ? "ol" : "ul" }
    const depth = Number(level)
    if (open.length && item.previousElementSibling !== open[0].element) open = []
    open.splice(depth)
    if (open.length === depth && !sameKind(open.at(-1), kind)) open.pop()
    while (open.length < depth) {
      const element = body.ownerDocument.createElement(kind.tag)
      if (open.length) lastItem(open.at(-1).element).append(element)
      else item.before(element)
      open.push({ ...kind, element })
      if (number > 1 && open.length === depth) element.setAttribute("start", number)
    }
    const entry = body.ownerDocument.createElement("li")
    open.at(-1).element.append(entry)
    entry.append(item)
  }
}

function sameKind(one, other) {
  return one.list === other.list && one.tag === other.tag
}

function lastItem(list) {
  if (!list.lastElementChild) list.append(list.ownerDocument.createElement("li"))
  return list.lastElementChild
}

/** Google Docs and old pages put a list into a list; Word for the web each item into one. */
function mendNestedLists(body) {
  for (const nested of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const before = nested.previousElementSibling
    if (before?.tagName === "LI") before.append(nested)
    else {
      const item = body.ownerDocument.createElement("li")
      nested.replaceWith(item)
      item.append(nested)
    }
  }
  for (const wrapper of body.querySelectorAll("div.ListContainerWrapper")) {
    const list = wrapper.firstElementChild
    const before = wrapper.previousElementSibling
    if (list && before?.tagName === list.tagName) {
      before.append(...list.children)
      wrapper.remove()
    } else wrapper.replaceWith(...wrapper.childNodes)
  }
}

/* Blocks */

/** A table that only arranges a page, as mails have them, is no table. */
function flattenLayout(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const cells = [...table.querySelectorAll("td, th")].filter((cell) => cell.closest("table") === table)
    const arranges = ["none", "presentation"].includes(table.getAttribute("role"))
    if (!arranges && cells.length > 1 && !table.querySelector("table")) {
      for (const caption of table.querySelectorAll("caption")) table.before(rename(caption, "p"))
      continue
    }
    table.replaceWith(...[...table.querySelectorAll("caption"), ...cells].map((cell) => rename(cell, "div")))
  }
}

function nameBlocks(body) {
  body.querySelectorAll("h1").forEach((heading) => rename(heading, "h2"))
  body.querySelectorAll("h5, h6").forEach((heading) => rename(heading, "h4"))
  body.querySelectorAll(BLOCKS).forEach((block) => rename(block, "div"))
}

function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag)
  for (const name of ["data-style", "class", "lang"])
    if (element.hasAttribute(name)) renamed.setAttribute(name, element.getAttribute(name))
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
  return renamed
}

/* Links */

function mendLinks(body) {
  for (const link of body.querySelectorAll("a[href]")) {
    const href = direct(link.getAttribute("href").trim())
    if (href.startsWith("#")) link.removeAttribute("href") // leads into the page it comes from
    else link.setAttribute("href", href)
  }
}

/** Where an address leads that a mail program or Google Docs has wrapped. */
function direct(href) {
  if (!/^https?:/i.test(href) || !URL.canParse(href)) return href
  const { hostname, pathname, searchParams } = new URL(href)
  if (hostname.endsWith(".safelinks.protection.outlook.com")) return searchParams.get("url") ?? href
  if (hostname === "www.google.com" && pathname === "/url") return searchParams.get("q") ?? href
  return href
}

/* Emphasis */

/** Wrap each text that is meant to be strong, emphasised, raised or lowered, and no other. */
function sayEmphasis(body, styles) {
  const texts = []
  const look = (node, said) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) texts.push([child, said])
      if (child.nodeType === Node.ELEMENT_NODE) look(child, { ...said, ...saysOf(child, styles) })
    }
  }
  look(body, {})
  for (const element of body.querySelectorAll("b, strong, i, em, sub, sup"))
    element.replaceWith(...element.childNodes)
  for (const [text, { strong, em, place }] of texts) {
    if (place) wrap(text, place)
    if (em) wrap(text, "em")
    if (strong) wrap(text, "strong")
  }
}

function saysOf(element, styles) {
  const said = {}
  const tag = element.tagName.toLowerCase()
  const { "font-weight": weight, "font-style": slant, "vertical-align": height } = styles(element)
  if (/^(bold|bolder|[6-9]00)\b/i.test(weight)) said.strong = true
  else if (/^(normal|lighter|[1-5]00)\b/i.test(weight)) said.strong = false
  else if (tag === "b" || tag === "strong") said.strong = true
  if (/^(italic|oblique)\b/i.test(slant)) said.em = true
  else if (/^normal\b/i.test(slant)) said.em = false
  else if (tag === "i" || tag === "em") said.em = true
  if (tag === "sub" || tag === "sup") said.place = tag
  else if (/^(sub|super)\b/i.test(height)) said.place = /^sub/i.test(height) ? "sub" : "sup"
  // What stands in a heading is strong as it is.
  if (element.closest("h1, h2, h3, h4, th")) said.strong = false
  return said
}

function wrap(text, tag) {
  const element = text.ownerDocument.createElement(tag)
  text.replaceWith(element)
  element.append(text)
}

/* Paragraphs */

/** `slice` without empty paragraphs, with a new paragraph wherever lines are left blank. */
function tidySlice(slice) {
  const content = tidy(slice.content)
  const first = content.firstChild
  const last = content.lastChild
  if (!first) return slice
  return new Slice(
    content,
    stillOpen(first, slice.content.firstChild, slice.openStart),
    stillOpen(last, slice.content.lastChild, slice.openEnd),
  )
}

function stillOpen(node, before, depth) {
  if (node.isTextblock) return Math.min(depth, 1)
  return node.type === before.type ? depth : 0
}

function tidy(fragment) {
  const kept = []
  fragment.forEach((node) => {
    if (node.type.name === "paragraph") kept.push(...paragraphsOf(node))
    else if (node.isTextblock || node.isLeaf) kept.push(node)
    else {
      const content = tidy(node.content)
      kept.push(node.type.validContent(content) ? node.copy(content) : node)
    }
  })
  return Fragment.from(kept)
}

function paragraphsOf(paragraph) {
  const lines = [[]]
  paragraph.forEach((part) => {
    if (part.type.name === "hardBreak") lines.push([])
    else lines.at(-1).push(part)
  })
  const found = [[]]
  for (const line of lines) {
    if (line.every((part) => part.isText && !part.text.trim())) found.push([])
    else {
      if (found.at(-1).length) found.at(-1).push(paragraph.type.schema.nodes.hardBreak.create())
      found.at(-1).push(...line)
    }
  }
  return found.filter((parts) => parts.length).map((parts) => paragraph.copy(Fragment.from(parts)))
}

/* Plain text */

/** Paragraphs parted by blank lines; addresses become links. */
function readPlain(text, schema) {
  const { paragraph, hardBreak } = schema.nodes
  const paragraphs = text.replace(/\r\n?/g, "\n").trim().split(/\n\s*\n/)
  const content = paragraphs.map((lines) =>
    paragraph.create(
      null,
      lines.split("\n").flatMap((line, i) => [...(i ? [hardBreak.create()] : []), ...readLine(line, schema)]),
    ),
  )
  return new Slice(Fragment.from(content), 1, 1)
}

/** Only what is written in ASCII belongs to an address: Korean puts its particles behind it. */
function readLine(line, schema) {
  const parts = []
  let end = 0
  const say = (words, marks) => words && parts.push(schema.text(words, marks))
  for (const match of line.matchAll(ADDRESS)) {
    const [address, page] = match
    const href = page ? (/^www\./i.test(page) ? `https://${page}` : page) : `mailto:${address}`
    say(line.slice(end, match.index))
    say(address, [schema.marks.link.create({ href })])
    end = match.index + address.length
  }
  say(line.slice(end))
  return parts
}
