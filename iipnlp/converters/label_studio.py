"""Label Studio: JSON tasks with labels, choices by region, and relations, and the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from iipnlp.annotations import AMOUNT, LABELS
from iipnlp.converters.spans import (
    CHOICES,
    FLAGS,
    HOST,
    ConversionError,
    Json,
    Link,
    Task,
    put_together,
    read_attributes,
    read_header,
    take_apart,
)
from iipnlp.releases import Release, write_header

TEXT, LABEL, CUES = "text", "label", "cues"


def write_configuration() -> str:
    """Return the labeling configuration that the tasks need."""
    lines = [
        "<View>",
        "  <Relations>",
        *(f'    <Relation value="{label}"/>' for label in (*LABELS, HOST)),
        "  </Relations>",
        f'  <Labels name="{LABEL}" toName="{TEXT}">',
        *(f'    <Label value="{label}"/>' for label in (*LABELS, AMOUNT)),
        "  </Labels>",
        f'  <Text name="{TEXT}" value="${TEXT}"/>',
    ]
    for name, values in (*CHOICES.items(), (CUES, FLAGS)):
        several = "multiple" if name == CUES else "single"
        lines += [
            f'  <Choices name="{name}" toName="{TEXT}" perRegion="true" whenTagName="{LABEL}" '
            f'whenLabelValue="{AMOUNT}" choice="{several}">',
            *(f'    <Choice value="{value}"/>' for value in values),
            "  </Choices>",
        ]
    return "\n".join([*lines, "</View>", ""])


def write_releases(file: Path, releases: Iterable[Release], *, draft: bool) -> None:
    """Write tasks, a draft as predictions, and the configuration beside them (`.xml`)."""
    part = "predictions" if draft else "annotations"
    tasks = [
        {"data": _write_data(release), part: [{"result": _write(release)}]} for release in releases
    ]
    file.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", "utf-8")
    file.with_suffix(".xml").write_text(write_configuration(), "utf-8")


def _write_data(release: Release) -> Json:
    return {TEXT: release.text, **write_header(release)}


def _write(release: Release) -> list[Json]:
    spans, links = take_apart(release)
    results: list[Json] = []
    for span in spans:
        start, end = span.value[:2]
        place = {"start": start, "end": end, "text": release.text[start:end]}
        results.append(_write_result(span.key, LABEL, "labels", place, [span.kind]))
        cues = [name for name in FLAGS if name in span.attributes]
        for name in CHOICES:
            if name in span.attributes:
                chosen = [span.attributes[name]]
                results.append(_write_result(span.key, name, "choices", place, chosen))
        if cues:
            results.append(_write_result(span.key, CUES, "choices", place, cues))
    for head, child, label in links:
        results.append({"type": "relation", "from_id": head, "to_id": child, "labels": [label]})
    return results


def _write_result(key: str, name: str, kind: str, place: Json, values: list[Any]) -> Json:
    value = {**place, kind: values}
    return {"id": key, "from_name": name, "to_name": TEXT, "type": kind, "value": value}


def find_releases(file: Path) -> Iterator[Task]:
    """Yield the tasks."""
    tasks = json.loads(file.read_text("utf-8-sig"))
    if not isinstance(tasks, list):
        raise ConversionError("no list of tasks; export as JSON, not as JSON-MIN")
    for number, task in enumerate(tasks, start=1):
        yield f"task {number}", partial(_read_task, task, number, file)


def _read_task(task: Json, number: int, file: Path) -> Release | None:
    """Read a task as last annotated."""
    done = [one for one in task.get("annotations", []) if not one.get("was_cancelled")]
    return _read_results(task["data"], done[-1]["result"], number, file) if done else None


def _read_results(data: Json, results: list[Json], number: int, file: Path) -> Release:
    labels: dict[str, Json] = {}
    attributes: dict[str, Json] = {}
    links = []
    for result in results:
        if result["type"] == "labels":
            labels[result["id"]] = result["value"]
        elif result["type"] == "choices":
            chosen = _read_choices(result["from_name"], result["value"]["choices"])
            attributes.setdefault(result["id"], {}).update(chosen)
        elif result["type"] == "relation":
            named = " ".join(result.get("labels") or [])
            links.append(Link(result["from_id"], result["to_id"], named))
    spans = [
        read_attributes(
            key, value["start"], value["end"], " ".join(value["labels"]), attributes.get(key, {})
        )
        for key, value in labels.items()
    ]
    return put_together(read_header(data, number, file), data[TEXT], spans, links)


def _read_choices(name: str, values: list[str]) -> Json:
    return dict.fromkeys(values, True) if name == CUES else {name: " ".join(values)}
