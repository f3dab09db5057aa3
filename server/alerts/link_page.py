"""The page behind an acknowledge link: plain words, one big button, no script."""

from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 34rem; padding: 1.5rem; font: 1.25rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; }
button { display: block; width: 100%; min-height: 7rem; margin: 2rem 0 1rem; border: 0; border-radius: 1rem;
  background: #0b5d1e; color: #fff; font: bold 2.25rem/1.2 system-ui, sans-serif; cursor: pointer; }
button:focus-visible { outline: 4px solid #ffb000; outline-offset: 4px; }
.test { padding: .5rem 1rem; border: 3px solid currentColor; font-weight: bold; }
"""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page says; with `button` it asks for the one tap."""

    heading: str
    lines: tuple[str, ...]
    button: str | None = None
    test: bool = False

    def html(self) -> str:
        test = '<p class="test">THIS IS A TEST. Nobody has fallen.</p>' if self.test else ""
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        button = f'<form method="post"><button>{escape(self.button)}</button></form>' if self.button else ""
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="robots" content="noindex">'
            f"<title>{escape(self.heading)}</title><style>{STYLE}</style></head>"
            f"<body><main><h1>{escape(self.heading)}</h1>{test}{lines}{button}</main></body></html>"
        )


@dataclass(frozen=True, slots=True)
class LinkView:
    """How an alarm stands, for whoever was told of it. `at` is of the local time of day."""

    kind: str  # fall | help | test
    person: str
    at: str
    text: str  # how it stands, a sentence
    taken_by: str | None = None
    over: bool = False


HAPPENED = {
    "fall": ("{person} may have fallen", "It was {at}."),
    "help": ("{person} asks for help", "The button was pressed {at}."),
    "test": ("A test alarm for {person}", "It was set off {at}."),
}


def page_for(view: LinkView, contact: str) -> LinkPage:
    """What somebody who was told of an alarm sees of it."""
    test = view.kind == "test"
    if view.taken_by == contact:
        told = "The test has reached you." if test else f"{view.person} is told that you are coming."
        return LinkPage(f"Thank you, {contact}.", (told, view.text), test=test)
    if view.over:
        return LinkPage("This alarm is over", (view.text,), test=test)
    if view.taken_by is not None:
        return LinkPage(f"{view.taken_by} has taken it", (view.text, "You need do nothing more."), test=test)
    heading, when = (words.format(person=view.person, at=view.at) for words in HAPPENED[view.kind])
    others = f"If you tap the button, {view.person} and the others are told that you are coming."
    lines = (when, view.text, f"You are {contact}. {'Please tap the button.' if test else others}")
    return LinkPage(heading, lines, "I take it", test=test)


UNKNOWN = LinkPage(
    "This link is not valid",
    (
        "Perhaps a part of it is missing: open it from the message once more, or copy the whole of it.",
        "If you are worried about somebody, call them, or call for help.",
    ),
)
EXPIRED = LinkPage(
    "This link is too old",
    (
        "A link works for 24 hours after the message.",
        "If you are worried about somebody, call them, or call for help.",
    ),
)
TOO_MANY = LinkPage("Too many wrong links", ("Wait a minute, then open the link from the message once more.",))
