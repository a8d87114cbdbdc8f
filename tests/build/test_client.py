"""How the build waits for a kernel."""

import asyncio
from queue import Empty
from types import SimpleNamespace

import pytest

from taawun.build.client import Client


def said(question, state):
    return {"parent_header": {"msg_id": question}, "content": {"execution_state": state}}


def client(*heard, alive=True, answers=True):
    """A client whose kernel says this; silence where there is an exception."""

    async def hear(timeout):
        if isinstance(message := next(messages), type):
            raise message
        return message

    async def answer(timeout):
        if not answers:
            raise Empty
        return {}

    async def is_alive():
        return alive

    messages, asked = iter(heard), []
    stub = SimpleNamespace(
        shell_channel=SimpleNamespace(get_msg=answer),
        iopub_channel=SimpleNamespace(get_msg=hear),
        kernel_info=lambda: asked.append(f"q{len(asked)}") or asked[-1],
        is_alive=is_alive,
        asked=asked,
        left=messages,
    )
    stub._has_answered = lambda question: Client._has_answered(stub, question)
    return stub


def wait(stub, **options):
    asyncio.run(Client.wait_for_ready(stub, **options))


def test_a_kernel_is_ready_when_it_rests_after_the_question_and_not_before():
    kernel = client(said("other", "idle"), said("q0", "busy"), said("q0", "idle"), Empty)
    wait(kernel)
    assert kernel.asked == ["q0"]
    assert [*kernel.left] == [Empty]


def test_what_was_said_before_anybody_listened_is_asked_again():
    kernel = client(Empty, said("q0", "idle"), said("q1", "busy"), said("q1", "idle"))
    wait(kernel)
    assert kernel.asked == ["q0", "q1"]


def test_a_kernel_that_died_or_says_nothing_is_an_error():
    with pytest.raises(RuntimeError, match="Kernel died"):
        wait(client(alive=False, answers=False))
    with pytest.raises(RuntimeError, match="in 0 seconds"):
        wait(client(answers=False), timeout=1e-9)
