"""Kernels forked from a warm process, as a provisioner of jupyter_client: whatever runs notebooks
with `JUPYTER_DEFAULT_PROVISIONER_NAME=taawun-forked` gets them, the rest stays as it is.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal

from jupyter_client.provisioning import LocalProvisioner

from taawun.build import forkserver as warm


class Forked(LocalProvisioner):
    """A kernel that is forked and not started from nothing; the kernel itself, its wires and its
    client are as they always are.
    """

    async def launch_kernel(self, cmd, **kwargs):
        """Ask for a kernel and wait until it listens; start an ordinary one if there is no answer."""
        env = {
            name: value
            for name, value in kwargs["env"].items()
            if name not in ("TAAWUN_KERNELS", "JUPYTER_DEFAULT_PROVISIONER_NAME")
        }  # what the kernel starts is its own affair
        asked = {
            "argv": cmd[cmd.index("ipykernel_launcher") :],
            "cwd": kwargs.get("cwd") or os.getcwd(),
            "env": env,
        }
        try:
            answer = warm.request("TAAWUN_KERNELS", asked).recv(16)
        except OSError:
            answer = b""
        if not answer:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = Process(int(answer))
        self.pid = self.pgid = self.process.pid
        self.cwd = asked["cwd"]
        return self.connection_info

    async def send_signal(self, signum):
        """As the class above, which signals a group by number, but only while the number is the
        kernel's.
        """
        if self.has_process and await self.poll() is None:
            await super().send_signal(signum)

    async def wait(self):
        """Until the kernel has ended; asked for more often than by the class above, as that is what
        a build waits for.
        """
        while self.has_process and await self.poll() is None:
            await asyncio.sleep(0.005)
        self.process = None
        return 0


class Process:
    """A process that is not a child of this one, as `subprocess.Popen` would show it; how it ended
    is not known.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid, self.file = pid, os.pidfd_open(pid)

    def poll(self, seconds: float | None = 0) -> int | None:
        """0 if it has ended, None if it has not within the seconds."""
        return 0 if select.select([self.file], [], [], seconds)[0] else None

    def wait(self) -> int:
        """0 when it has ended."""
        return self.poll(None)

    def send_signal(self, number: int) -> None:
        """Nothing if it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.file, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)
