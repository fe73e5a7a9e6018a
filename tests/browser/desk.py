"""The editors' desk in a browser: somebody signs in, writes and pastes."""

from django.test import Client
from playwright.sync_api import Page, expect

NEW = "/admin/releases/release/add/"

PASTE = """async (area, [kind, text]) => {
  area.focus()
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)))  // it knows its cursor
  const clipboardData = new DataTransfer()
  clipboardData.setData(kind, text)
  area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""


def sign_in(page: Page, user, server) -> None:
    """Let `page` of the live `server` belong to `user` from its next request on."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


def signed_in_by_form(page: Page, name: str, password: str) -> None:
    """Sign in on the Korean page that asks for it, and wait for where that leads."""
    page.get_by_label("사용자 이름").fill(name)
    page.get_by_label("비밀번호").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="로그인").click()


def writing_area(page: Page, field: str):
    """Where the text of `field` is written."""
    return page.locator(f".field-{field} .ProseMirror")


def written(page: Page, field: str) -> str:
    """What the form would send for `field`."""
    return page.input_value(f"#id_{field}")


def expect_written(page: Page, field: str, html: str) -> None:
    """Wait until the form would send `html` for `field`."""
    expect(page.locator(f"#id_{field}")).to_have_value(html)


def paste(page: Page, field: str, text: str, kind: str = "text/html") -> None:
    """Paste `text` as another program would have put it on the clipboard."""
    writing_area(page, field).evaluate(PASTE, [kind, text])
