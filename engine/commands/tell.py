"""One line for a person: as written, never wrapped, coloured or parsed as markup."""

from rich.console import Console


def tell(console: Console, text: str, style: str | None = None) -> None:
    """Print `text` as it is, so that paths stay whole and scripts can read it."""
    console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)
