"""A Redis or Valkey of a test's own."""

import shutil
import subprocess
import time

SERVER = shutil.which("valkey-server") or shutil.which("redis-server")


class Redis:
    """A server of its own behind a socket in `folder`; it writes nothing to disk."""

    def __init__(self, folder):
        self.socket, self.server = folder / "redis.sock", None

    def start(self) -> None:
        words = [SERVER, "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while not self.socket.exists():
            assert self.server.poll() is None
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.kill()
        self.server.wait()
        self.socket.unlink(missing_ok=True)
