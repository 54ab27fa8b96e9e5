from pathlib import Path
from xml.etree import ElementTree

import pytest

from training.datasets.annotations import Annotation
from training.datasets.elan import Span, read_elan
from training.datasets.elan_annotations import read_elan_annotations, write_elan_annotations
from training.datasets.faults import DataSetError

# As ELAN 6 writes it: a tier of ours, one of words with a tier that hangs on it, a media file.
ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Ann" DATE="2024-01-01T10:00:00+01:00" FORMAT="3.0" VERSION="3.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///desk.mp4" MIME_TYPE="video/mp4"/>
        <PROPERTY NAME="lastUsedAnnotationId">4</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="900"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="1250"/>
        <TIME_SLOT TIME_SLOT_ID="ts4"/>
        <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="2000"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="gestures">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
                <ANNOTATION_VALUE>touch_face</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Bo" TIER_ID="words">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts4">
                <ANNOTATION_VALUE>well &amp; so</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts5">
                <ANNOTATION_VALUE>yes</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="gloss" PARENT_REF="words" TIER_ID="glosses">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a3">
                <ANNOTATION_VALUE>affirms</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false"
        LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false"
        LINGUISTIC_TYPE_ID="gloss" TIME_ALIGNABLE="false"/>
</ANNOTATION_DOCUMENT>
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "desk.eaf"
    path.write_text(ELAN, encoding="utf-8")
    return path


def elements(path: Path, query: str) -> list[bytes]:
    root = ElementTree.parse(path).getroot()
    return [ElementTree.tostring(element).strip() for element in root.findall(query)]


def test_the_tier_of_gestures_is_read_among_others(path: Path) -> None:
    assert read_elan(path).tiers == ("gestures", "words", "glosses")
    assert read_elan_annotations(path) == (Annotation(8, 0.5, 1.25),)


def test_other_tiers_and_all_else_are_kept_when_it_is_written_again(path: Path) -> None:
    kept = (
        *("TIER[@TIER_ID='words']", "TIER[@TIER_ID='glosses']", "LINGUISTIC_TYPE"),
        "HEADER/MEDIA_DESCRIPTOR",
    )
    before = [elements(path, query) for query in kept]
    write_elan_annotations(path, [Annotation(99, 0.6, 0.7), Annotation(20, 1.9, 2.5)])
    assert [elements(path, query) for query in kept] == before
    assert read_elan_annotations(path) == (Annotation(99, 0.6, 0.7), Annotation(20, 1.9, 2.5))
    attributes = ElementTree.parse(path).getroot().attrib
    assert attributes["AUTHOR"] == "Ann"
    assert any(name.endswith("}noNamespaceSchemaLocation") for name in attributes)
    assert "xsi:noNamespaceSchemaLocation" in path.read_text("utf-8")


def test_slots_of_time_are_in_order_used_and_each_once(path: Path) -> None:
    write_elan_annotations(path, [Annotation(99, 0.6, 0.7), Annotation(20, 1.9, 2.5)])
    slots = ElementTree.parse(path).getroot().findall("TIME_ORDER/TIME_SLOT")
    times = [slot.get("TIME_VALUE") for slot in slots]
    assert times == ["600", "700", "900", None, "1900", "2000", "2500"]
    names = [slot.get("TIME_SLOT_ID") for slot in slots]
    assert len(set(names)) == len(names)
    root = ElementTree.parse(path).getroot()
    ids = [e.get("ANNOTATION_ID") for e in root.iter() if e.get("ANNOTATION_ID")]
    assert len(set(ids)) == len(ids) == 5
    assert {"a5", "a6"} < set(ids)
    assert root.findtext("HEADER/PROPERTY") == "6"  # or ELAN would give these names again


def test_names_go_on_behind_the_last_that_elan_remembers(path: Path) -> None:
    text = ELAN.replace('"lastUsedAnnotationId">4', '"lastUsedAnnotationId">90')
    path.write_text(text, encoding="utf-8")
    write_elan_annotations(path, [Annotation(99, 0.6, 0.7)])
    assert ElementTree.parse(path).getroot().findtext("HEADER/PROPERTY") == "91"


def test_a_new_tier_joins_a_file(path: Path) -> None:
    write_elan_annotations(path, [Annotation(8, 0, 1)], "second opinion")
    file = read_elan(path)
    assert file.tiers == ("gestures", "words", "glosses", "second opinion")
    assert file.spans("second opinion") == (Span("touch_face", 0, 1000),)
    (tier,) = ElementTree.parse(path).getroot().findall("TIER[@TIER_ID='second opinion']")
    assert tier.get("LINGUISTIC_TYPE_REF") == "default-lt"


def test_a_file_without_a_free_kind_of_tier_gets_one(path: Path) -> None:
    text = ELAN.replace('LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"',
                        'LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="false"')  # fmt: skip
    path.write_text(text, encoding="utf-8")
    write_elan_annotations(path, [Annotation(8, 0, 1)], "mine")
    assert len(elements(path, "LINGUISTIC_TYPE")) == 3


def test_a_new_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new.eaf"
    write_elan_annotations(path, [Annotation(8, 0.5, 0.5001)])
    root = ElementTree.parse(path).getroot()
    assert [child.tag for child in root] == ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"]
    assert root.attrib["FORMAT"] == "3.0"
    assert read_elan(path).spans("gestures") == (Span("touch_face", 500, 501),)
    assert path.read_text("utf-8").startswith("<?xml version='1.0' encoding='UTF-8'?>")


def test_a_tier_on_which_others_hang_is_not_replaced(path: Path) -> None:
    with pytest.raises(DataSetError, match="'words' is the parent of glosses"):
        write_elan_annotations(path, [], "words")


def test_an_annotation_without_a_time_is_named(path: Path) -> None:
    with pytest.raises(DataSetError) as raised:
        read_elan(path).spans("words")
    assert [fault.text for fault in raised.value.faults] == [
        "annotation a2 'well & so' has no time: align it in ELAN",
        "annotation a3 'yes' has no time: align it in ELAN",
    ]


def test_the_only_tier_is_meant_and_of_several_one_must_be_named(path: Path) -> None:
    write_elan_annotations(path.with_name("one.eaf"), [Annotation(8, 0, 1)], "mine")
    assert len(read_elan_annotations(path.with_name("one.eaf"))) == 1
    path.write_text(ELAN.replace('TIER_ID="gestures"', 'TIER_ID="moves"'), encoding="utf-8")
    with pytest.raises(DataSetError, match="expected a tier 'gestures'; there are moves, words"):
        read_elan_annotations(path)
    assert len(read_elan_annotations(path, "moves")) == 1
    with pytest.raises(DataSetError, match="no tier 'nothing'; there are moves"):
        read_elan_annotations(path, "nothing")


def test_an_unknown_label_is_told_with_its_time(path: Path) -> None:
    path.write_text(ELAN.replace("touch_face", "touch_fase"), encoding="utf-8")
    with pytest.raises(DataSetError, match=r"desk\.eaf at 0\.5 s: label 'touch_fase' is unknown"):
        read_elan_annotations(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected an EAF file"),
        (ELAN[:-40], "expected an EAF file"),
        ("<html/>", "got <html>"),
        (ELAN.replace('"milliseconds"', '"NTSC-frames"'), "in NTSC-frames"),
    ],
)
def test_another_file_is_told(path: Path, text: str, message: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataSetError, match=message):
        read_elan(path)


def test_a_missing_file_and_one_without_times_are_told(path: Path) -> None:
    with pytest.raises(DataSetError, match="cannot be read"):
        read_elan(path.with_name("nothing.eaf"))
    path.write_text("<ANNOTATION_DOCUMENT><TIER TIER_ID='gestures'/></ANNOTATION_DOCUMENT>")
    with pytest.raises(DataSetError, match="no TIME_ORDER"):
        read_elan_annotations(path)
