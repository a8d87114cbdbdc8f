"""How the build waits for a kernel: until it is seen at rest, and no longer."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient

#: Seconds for an answer, and then until all is said, before it is asked again.
PATIENCE, REST = 1, 0.1


class Client(AsyncKernelClient):
    """A client of a kernel, but for the fifth of a second in which the original listens whether
    anything is still said behind the first answer.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until the kernel has answered a question and is at rest again. RuntimeError if it died or
        did not in these seconds.
        """
        until = time.monotonic() + (timeout or float("inf"))
        while not await self._has_answered(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    async def _has_answered(self, question: str) -> bool:
        """Whether the answer came, and then that all is said; False if another question is needed,
        since what a kernel says to nobody yet is lost.
        """
        try:
            await self.shell_channel.get_msg(timeout=PATIENCE)
            while True:
                said = await self.iopub_channel.get_msg(timeout=REST)
                is_ours = said["parent_header"].get("msg_id") == question
                if is_ours and said["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False
