"""Sentences, colours and progress on the terminal (standard error, so that output can be piped)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    console.print(sentence, markup=False)


def complain(sentence: str) -> None:
    console.print(f"surefoot: {sentence}", style="red", markup=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar while the context lasts: call with (done, of). On a terminal only; it vanishes at the end."""
    if not console.is_terminal:
        yield lambda done, of: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)

        def step(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield step
