"""Kernels forked from a warm process, as a provisioner of jupyter_client: whatever runs notebooks
with `JUPYTER_DEFAULT_PROVISIONER_NAME=taawun-forked` gets them, the rest stays as it is.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any, cast

from jupyter_client.provisioning import LocalProvisioner

from taawun.build import forked


class Forked(LocalProvisioner):
    """A kernel that is forked; the kernel itself, its wires and its client are as always."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Ask for a kernel and wait until it listens; without an answer start an ordinary one."""
        env = dict(kwargs["env"])
        env.pop("JUPYTER_DEFAULT_PROVISIONER_NAME", None)  # what it starts is its own affair
        cwd = kwargs.get("cwd") or os.getcwd()
        asked = {"argv": cmd[cmd.index("ipykernel_launcher") :], "cwd": cwd, "env": env}
        process = forked.fork(forked.kernels, asked) if forked.kernels else None
        if not process:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast(Any, process)
        self.pid = self.pgid = process.pid
        self.cwd = cwd
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """As above, where a group is signalled by number, but only while it is the kernel's."""
        if self.has_process and await self.poll() is None:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """As above, and until it has ended: who kills it asks every tenth of a second."""
        await super().kill(restart)
        await self.wait()

    async def wait(self) -> int:
        """Until the kernel has ended; asked often, as that is what a build waits for."""
        while self.has_process and await self.poll() is None:
            await asyncio.sleep(0.005)
        self.process = None
        return 0
