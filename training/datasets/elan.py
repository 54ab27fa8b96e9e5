"""Annotation files of ELAN (`.eaf`): tiers with annotations that are aligned to time.

The format is EAF 3.0 of the Max Planck Institute for Psycholinguistics. What is not understood
here, other tiers above all, is kept as it is when a file is written again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from engine.errors import UsageError
from training.datasets.faults import DataSetError, Fault

_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "default-lt"
_NEW = f"""<ANNOTATION_DOCUMENT xmlns:xsi="{_SCHEMA}" AUTHOR="" DATE="1970-01-01T00:00:00+00:00"
 FORMAT="3.0" VERSION="3.0" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/><TIME_ORDER/>
<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="{_TYPE}" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>"""
_TIER = "TIER"
_ALIGNED = "ALIGNABLE_ANNOTATION"
_START, _END = "TIME_SLOT_REF1", "TIME_SLOT_REF2"


@dataclass(frozen=True)
class Span:
    """One annotation of a tier.

    Attributes:
        text: What it says.
        start_ms: First instant.
        end_ms: Last instant.
    """

    text: str
    start_ms: int
    end_ms: int


class ElanFile:
    """One file. Made by `read_elan` or `new_elan`.

    Args:
        path: For messages.
        root: Of the document.
    """

    def __init__(self, path: Path, root: Element) -> None:
        self.path = path
        self._root = root

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of all tiers, in the order of the file."""
        return tuple(tier.get("TIER_ID", "") for tier in self._root.iter(_TIER))

    def spans(self, tier: str) -> tuple[Span, ...]:
        """Annotations of a tier that are aligned to time, in the order of the file.

        Raises:
            DataSetError: There is no such tier, or one of them has no time.
        """
        times_ms = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in self._slots}
        found, faults = [], []
        for annotation in self._tier(tier).iter(_ALIGNED):
            text = (annotation.findtext("ANNOTATION_VALUE") or "").strip()
            start, end = (times_ms.get(annotation.get(name)) for name in (_START, _END))
            if start is None or end is None or not (start + end).isdecimal():
                name = annotation.get("ANNOTATION_ID", "")
                text = f"annotation {name} '{text}' has no time: align it in ELAN"
                faults.append(Fault(str(self.path), text))
            else:
                found.append(Span(text, int(start), int(end)))
        if faults:
            raise DataSetError(faults)
        return tuple(found)

    def replace(self, tier: str, spans: Iterable[Span]) -> None:
        """Put these annotations in place of those of a tier; the tier is made if it is missing.

        Raises:
            DataSetError: Other tiers are made of annotations of this one.
        """
        if tier not in self.tiers:
            self._add_tier(tier)
        element = self._tier(tier)
        self._check_alone(tier)
        for annotation in element.findall("ANNOTATION"):
            element.remove(annotation)
        self._drop_unused_slots()
        annotations, slots = self._names("ANNOTATION_ID", "a"), self._names("TIME_SLOT_ID", "ts")
        for span in spans:
            times_ms = (span.start_ms, span.end_ms)
            refs = [self._add_slot(next(slots), time_ms) for time_ms in times_ms]
            self._remember(_add(element, next(annotations), refs, span.text))

    def write(self, path: Path) -> None:
        """Write all of it.

        Raises:
            UsageError: It cannot be written.
        """
        part = path.with_name(f"{path.name}.part")
        try:
            ElementTree.ElementTree(self._root).write(part, "UTF-8", xml_declaration=True)
            part.replace(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from error

    @property
    def _order(self) -> Element:
        order = self._root.find("TIME_ORDER")
        if order is None:
            raise DataSetError([Fault(str(self.path), "expected an EAF file, got no TIME_ORDER")])
        return order

    @property
    def _slots(self) -> list[Element]:
        return self._order.findall("TIME_SLOT")

    def _tier(self, name: str) -> Element:
        for tier in self._root.iter(_TIER):
            if tier.get("TIER_ID") == name:
                return tier
        text = f"there is no tier '{name}'; there are {', '.join(self.tiers) or 'none'}"
        raise DataSetError([Fault(str(self.path), text)])

    def _check_alone(self, name: str) -> None:
        children = [
            t.get("TIER_ID", "") for t in self._root.iter(_TIER) if t.get("PARENT_REF") == name
        ]
        if children:
            text = f"tier '{name}' is the parent of {', '.join(children)}, and is not replaced"
            raise DataSetError([Fault(str(self.path), text)])

    def _add_tier(self, name: str) -> None:
        tiers = self._root.findall(_TIER)
        place = list(self._root).index(tiers[-1] if tiers else self._order) + 1
        kinds = self._root.findall("LINGUISTIC_TYPE")
        free = [k for k in kinds if k.get("TIME_ALIGNABLE") == "true" and not k.get("CONSTRAINTS")]
        if not free:
            attributes = {"LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true"}
            free = [Element("LINGUISTIC_TYPE", attributes)]
            self._root.insert(place, free[0])
        attributes = {"LINGUISTIC_TYPE_REF": free[0].get("LINGUISTIC_TYPE_ID", ""), "TIER_ID": name}
        self._root.insert(place, Element(_TIER, attributes))

    def _drop_unused_slots(self) -> None:
        used = {a.get(name) for a in self._root.iter(_ALIGNED) for name in (_START, _END)}
        for slot in self._slots:
            if slot.get("TIME_SLOT_ID") not in used:
                self._order.remove(slot)

    def _add_slot(self, name: str, time_ms: int) -> str:
        """Slots are kept in order of time: ELAN places those without a time between the others."""
        times_ms = [int(slot.get("TIME_VALUE") or -1) for slot in self._slots]
        later = (place for place, other_ms in enumerate(times_ms) if other_ms > time_ms)
        slot = Element("TIME_SLOT", {"TIME_SLOT_ID": name, "TIME_VALUE": str(time_ms)})
        self._order.insert(next(later, len(times_ms)), slot)
        return name

    def _names(self, attribute: str, prefix: str) -> Iterator[str]:
        """Names behind all that are taken, and behind the last that ELAN remembers."""
        names = [element.get(attribute, "") for element in self._root.iter()]
        names += [element.text or "" for element in self._remembered]
        numbers = [name.removeprefix(prefix) for name in names]
        last = max((int(number) for number in numbers if number.isdecimal()), default=0)
        return (f"{prefix}{number}" for number in count(last + 1))

    @property
    def _remembered(self) -> list[Element]:
        return self._root.findall("HEADER/PROPERTY[@NAME='lastUsedAnnotationId']")

    def _remember(self, annotation: str) -> None:
        """ELAN names its next annotation after this number, unless there is none."""
        for element in self._remembered:
            element.text = annotation.removeprefix("a")


def _add(tier: Element, name: str, slots: Sequence[str], text: str) -> str:
    attributes = {"ANNOTATION_ID": name, **dict(zip((_START, _END), slots, strict=True))}
    annotation = SubElement(SubElement(tier, "ANNOTATION"), _ALIGNED, attributes)
    SubElement(annotation, "ANNOTATION_VALUE").text = text
    return name


def read_elan(path: Path) -> ElanFile:
    """Read a file.

    Raises:
        DataSetError: It is missing, no EAF file, or its times are not in milliseconds.
    """
    try:
        root = ElementTree.fromstring(path.read_bytes())
    except OSError as error:
        raise DataSetError([Fault(str(path), f"cannot be read: {error.strerror}")]) from error
    except ElementTree.ParseError as error:
        raise DataSetError([Fault(str(path), f"expected an EAF file: {error}")]) from error
    header = root.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if root.tag != "ANNOTATION_DOCUMENT" or units != "milliseconds":
        text = f"expected an EAF file in milliseconds, got <{root.tag}> in {units}"
        raise DataSetError([Fault(str(path), text)])
    return ElanFile(path, root)


def new_elan(path: Path) -> ElanFile:
    """A file without tiers."""
    return ElanFile(path, ElementTree.fromstring(_NEW))
