from engine.runtime.drops import DropLedger


def test_drops_add_up_by_edge_and_cause() -> None:
    ledger = DropLedger()
    ledger.add("capture-pose", "stale")
    ledger.add("capture-pose", "stale", 2)
    ledger.add("capture-pose", "overload")
    assert ledger.totals() == {"capture-pose": {"stale": 3, "overload": 1}}


def test_what_a_source_counts_is_part_of_the_account() -> None:
    ledger = DropLedger()
    counted = {"stale": 0}
    ledger.watch("source", lambda: counted)
    assert ledger.totals() == {}
    counted["stale"] = 4
    assert ledger.totals() == {"source": {"stale": 4}}


def test_totals_are_a_copy() -> None:
    ledger = DropLedger()
    ledger.add("a", "b")
    ledger.totals()["a"]["b"] = 99
    assert ledger.totals() == {"a": {"b": 1}}
