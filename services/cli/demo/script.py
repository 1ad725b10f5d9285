"""Steps of a story: what should hold, whether it did, and how that is shown to a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from huxin_client.shell.language import spoken
from services.cli.demo.http import Answer

WAIT_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """One numbered expectation."""

    number: int
    zh: str
    en: str
    held: bool
    seen: str


@dataclass
class Script:
    """Collects steps and shows each as it happens."""

    console: Console
    steps: list[Step] = field(default_factory=list)

    def chapter(self, zh: str, en: str) -> None:
        self.console.print(f"\n[bold]{zh}[/bold]  [dim]{en}[/dim]")

    def expect(self, zh: str, en: str, *, held: bool, seen: str) -> bool:
        """Add a step; a step that did not hold is shown with what was seen instead."""
        step = Step(len(self.steps) + 1, zh, en, held, seen)
        self.steps.append(step)
        mark = "[green]✓[/green]" if held else "[red]✗[/red]"
        self.console.print(f"{step.number:>3} {mark} {zh}", highlight=False)
        self.console.print(f"      [dim]{en}[/dim]", highlight=False)
        self.console.print(f"      → {seen}", style="cyan" if held else "red", markup=False)
        return held

    def succeeds(self, zh: str, en: str, answer: Answer, seen: str = "") -> Answer:
        """Expect success."""
        held = answer.ok
        self.expect(zh, en, held=held, seen=seen if held and seen else summary(answer))
        return answer

    def refused(self, zh: str, en: str, answer: Answer, code: str) -> Answer:
        """Expect a refusal with this very code."""
        self.expect(zh, en, held=answer.code == code, seen=summary(answer))
        return answer

    @property
    def held(self) -> int:
        return sum(step.held for step in self.steps)

    def verdict(self) -> bool:
        """Print the closing line; true when every step held."""
        steps = len(self.steps)
        self.console.print(
            spoken(
                f"\ndemo: {steps} steps, {self.held} held",
                f"\n演示：共 {steps} 步，{self.held} 步符合预期",
            ),
            highlight=False,
        )
        return self.held == steps


def summary(answer: Answer) -> str:
    """Say in a line what a gateway answered."""
    if answer.code:
        text = " ".join(str(answer.body.get(name) or "") for name in ("title", "detail"))
        return f"{answer.status} {answer.code}: {text}".strip()
    return f"{answer.status}"


def eventually(ask: Callable[[], Any], good: Callable[[Any], bool]) -> tuple[Any, float]:
    """Ask until the answer is good or time is up; return it with the seconds it took."""
    started = time.monotonic()
    while True:
        answer = ask()
        waited = time.monotonic() - started
        if good(answer) or waited > WAIT_SECONDS:
            return answer, waited
        time.sleep(0.02)
