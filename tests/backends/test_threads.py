from plugins.backends.threads import thread_choices


def test_the_default_comes_first_then_as_many_as_there_are_cores() -> None:
    assert thread_choices(1) == ({},)
    assert thread_choices(2) == ({}, {"threads": 2})
    assert thread_choices(6) == ({}, {"threads": 2}, {"threads": 4})
