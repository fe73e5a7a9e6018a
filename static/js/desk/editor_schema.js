/* What a text may be made of: the same as the gate in releases/fields.py lets through. */

import {
  Blockquote, Bold, BulletList, Document, Extension, Gapcursor, HardBreak, Heading, History,
  HorizontalRule, Italic, Link, ListItem, Mark, OrderedList, Paragraph, Subscript, Superscript,
  Table, TableCell, TableHeader, TableRow, Text,
} from "../../django_prose_editor/editor.js"
import { Paste } from "./editor_paste.js"

const SAFE = /^(https?:|mailto:|tel:|[^:]*$|[^:]*[/?#])/i

/* An attribute that is not written at all where it has no value. */
const optional = (name) => ({
  default: null,
  renderHTML: ({ [name]: value }) => (value ? { [name]: value } : {}),
})

/* Marks that no button makes: they are kept where a text already has them. */
function plainMark(tag, attributes = []) {
  return Mark.create({
    name: tag,
    addAttributes: () => Object.fromEntries(attributes.map((name) => [name, optional(name)])),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  })
}

/** In which language a part is, where that differs from the text around it. */
const Language = Extension.create({
  name: "language",
  addGlobalAttributes() {
    const types = this.extensions
      .filter(({ name, type }) => type === "mark" || (type === "node" && !["doc", "text"].includes(name)))
      .map(({ name }) => name)
    return [{ types, attributes: { lang: optional("lang") } }]
  },
})

const SafeLink = Link.extend({
  inclusive: false, // what is typed behind a link is no part of it
  addAttributes: () => ({ href: { default: null }, hreflang: { default: null } }),
  addKeyboardShortcuts: () => ({}),
  addPasteRules: () => [],
}).configure({
  autolink: false,
  linkOnPaste: false,
  openOnClick: false,
  HTMLAttributes: {},
  isAllowedUri: (address) => SAFE.test(address ?? ""),
})

function withoutWidth(Cell, more = {}) {
  return Cell.extend({
    addAttributes() {
      const { colspan, rowspan } = this.parent()
      return { colspan, rowspan, colwidth: { default: null, rendered: false, parseHTML: () => null }, ...more }
    },
  })
}

/* Tab goes from cell to cell, and behind the last one on to the next field. */
const PlainTable = Table.extend({
  addKeyboardShortcuts() {
    return {
      Tab: () => this.editor.commands.goToNextCell(),
      "Shift-Tab": () => this.editor.commands.goToPreviousCell(),
    }
  },
  addNodeView: () => null,
}).configure({ resizable: false })

const NumberedList = OrderedList.extend({
  addAttributes() {
    return { start: this.parent().start }
  },
  addNodeView: () => null, // it would write a style for a type that no list has
})

const SHARED = [Paragraph, Text, HardBreak, Bold, Italic, SafeLink, History, Language, Paste]

export const KINDS = {
  summary: [Document.extend({ content: "paragraph+" }), ...SHARED],
  text: [
    Document, ...SHARED, Blockquote, BulletList, Gapcursor, Heading.configure({ levels: [2, 3, 4] }),
    HorizontalRule, ListItem, NumberedList, Subscript, Superscript, PlainTable, TableRow,
    withoutWidth(TableCell), withoutWidth(TableHeader, { scope: { default: null } }),
    plainMark("abbr", ["title"]), plainMark("cite"), plainMark("q"),
  ],
}
