"""A WSGI function without any framework that answers with the bytes of the file BODY."""

import os
from pathlib import Path

body = Path(os.environ["BODY"]).read_bytes()
headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]


def application(environ, start_response):
    start_response("200 OK", headers)
    return [body]
