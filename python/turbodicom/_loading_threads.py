# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Threads that a Loader's batches are made in. As ThreadPoolExecutor, but work under way ends when it is no longer wanted:
when the loop has been left, and when the interpreter exits.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue

__all__ = ["LoadingThreads"]

_LOOK_SECONDS = 0.1  # how often a thread without work looks whether the interpreter exits


class LoadingThreads:
    """Threads that take tasks in order.

    Parameters
    ----------
    count : int
    """

    def __init__(self, count):
        self._tasks, self._stop = SimpleQueue(), threading.Event()
        self._threads = [
            threading.Thread(
                target=_serve, args=(self._tasks, self._stop), name=f"turbodicom-loader-{i}", daemon=False
            )
            for i in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, function, *arguments):
        """Return the Future of a call that a thread will make.

        Parameters
        ----------
        function : callable
        *arguments
        """
        self.poll()
        future = Future()
        self._tasks.put((future, function, arguments))
        return future

    def poll(self):
        """Raise RuntimeError once nobody wants the work any more; for the work to call now and then."""
        if _is_over(self._stop):
            raise RuntimeError("loading was stopped")

    def close(self, wait):
        """Stop what is under way.

        Parameters
        ----------
        wait : bool
            Until the threads have ended.
        """
        self._stop.set()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads if wait else ():
            thread.join()


def _is_over(stop):
    return stop.is_set() or not threading.main_thread().is_alive()  # its end is the interpreter's


def _serve(tasks, stop):
    """A thread's life. It holds no reference to its LoadingThreads, or to a result."""
    while True:
        try:
            task = tasks.get(timeout=_LOOK_SECONDS)
        except Empty:
            if _is_over(stop):
                return
            continue
        if task is None:
            return
        _run(*task)
        del task


def _run(future, function, arguments):
    try:
        result = function(*arguments)
    except BaseException as error:  # noqa: BLE001  it is the one's who waits
        future.set_exception(error)
    else:
        future.set_result(result)
