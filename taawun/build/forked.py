"""A process that was forked elsewhere, as those see it who asked for it. Standard library only."""

from __future__ import annotations

import json
import os
import select
import signal
import socket

kernels: socket.socket | None = None  # where to ask for a kernel, in a process that was told


class Process:
    """A process that is not a child of this one, as `subprocess.Popen` would show it.

    Its exit code is -9 if it did not say how it ended.
    """

    def __init__(self, pid: int, answer: socket.socket) -> None:
        self.pid, self.file, self.answer = pid, os.pidfd_open(pid), answer

    def poll(self) -> int | None:
        """The exit code if it has ended, None while it runs."""
        return self.wait() if select.select([self.file], [], [], 0)[0] else None

    def wait(self) -> int:
        """The exit code when it has ended."""
        select.select([self.file], [], [])
        code = self.answer.recv(1, socket.MSG_PEEK)
        return code[0] if code else -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        """Nothing if it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.file, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def fork(requests: socket.socket, message: object) -> Process | None:
    """Have a process forked, and wait until it is there; None if nobody answers."""
    mine, theirs = socket_pair()
    try:
        with theirs:
            socket.send_fds(requests, [json.dumps(message).encode()], [theirs.fileno()])
        return Process(int(mine.recv(16)), mine)
    except (OSError, ValueError):  # ValueError: no number came
        return None


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Two ends between which messages keep their bounds."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
