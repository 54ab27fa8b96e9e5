import pytest

from engine.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rtsp://u:p@h/x", "rtsp://***@h/x"),
        ("http://u:p@ss@h/x", "http://***@h/x"),
        ("http://h/x?user=me&pwd=se&n=1", "http://h/x?user=***&pwd=***&n=1"),
        ("http://h/x?Token=abc", "http://h/x?Token=***"),
        ("http://h/x?monkey=abc", "http://h/x?monkey=abc"),
        ("http://u:p@[bad", "http://***@[bad"),
        (
            '{"use": "http://u:p@h/", "to": "me@x.org"}',
            '{"use": "http://***@h/", "to": "me@x.org"}',
        ),
        ("lost http://a:b@h and rtsp://c:d@k", "lost http://***@h and rtsp://***@k"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_credentials_are_cut_out_and_nothing_else(text: str, expected: str) -> None:
    assert redact(text) == expected
