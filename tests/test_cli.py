import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import make_statement
from typer.testing import CliRunner, Result

from iipnlp import Statement, Statements, cli, extract
from iipnlp.cli import app, lay_out
from iipnlp.statement import KEYS, describe


@pytest.fixture
def run(model_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `iipnlp extract` on the pipeline without a model, in a folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run_extract(*args: str, text: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, ["extract", *args, "--model", str(model_path)], input=text)

    return run_extract


def write(name: str, content: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def rows(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def summary(result: Result) -> list[tuple[object, object]]:
    return [(row["source"], row["value"]) for row in rows(result)]


# --- Output ---------------------------------------------------------------------------------------


def test_extract_jsonl_has_the_source_and_the_contract(run):
    write("a.txt", "Đồng Nai rose 5%\r\n\r\nand 6%")
    result = run("a.txt", "--format", "jsonl", "--published", "2025-12-06", "--country", "vn")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "Đồng Nai" in result.stdout
    assert [list(row) for row in rows(result)] == [["source", *KEYS]] * 2
    assert [(row["country"], row["period_end"]) for row in rows(result)] == [
        ("VN", "2025-12-06")
    ] * 2
    assert rows(result)[1]["spans"] == {"value": [24, 26]}


def test_extract_csv_reads_back_as_the_statements(run, nlp):
    text = 'Growth, "real"\rof 5%\r\nand 6%'
    write("a.txt", text)
    result = run("a.txt", "--format", "csv")
    found = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert list(found[0]) == ["source", *KEYS]
    read = []
    for row in found:
        assert row.pop("source") == "a.txt"
        words = {key: row[key] or None for key in row}
        numbers = {
            key: json.loads(row[key]) if row[key] else None for key in row if key not in WORDS
        }
        read.append(Statement.from_dict({**words, **numbers}))
    assert Statements(read) == extract(text, model=nlp)


WORDS = {
    key for key, value in Statement.schema()["properties"].items() if "string" in value["type"]
}


def test_extract_csv_without_statements_has_a_header(run):
    write("a.txt", "nothing")
    assert (
        run("a.txt", "--format", "csv").stdout_bytes
        == ",".join(["source", *KEYS]).encode() + b"\r\n"
    )


def test_extract_jsonl_without_statements_is_empty(run):
    write("a.txt", "")
    result = run("a.txt", "--format", "jsonl")
    assert (result.exit_code, result.stdout) == (0, "")


def test_extract_table_is_the_default(run):
    write("a.txt", "Mining rose 5% and coal fell -12.5%")
    assert run("a.txt", "--published", "2025-12-06").stdout.splitlines() == [
        " value  subject          indicator              period      baseline",
        "   +5%  mining industry  industrial production  2025-12-06  y/y",
        "-12.5%  mining industry  industrial production  2025-12-06  y/y",
    ]


def test_extract_table_has_a_block_for_each_of_several_sources(run):
    write("a.txt", "5%")
    write("b.txt", "none")
    assert run("a.txt", "b.txt").stdout.splitlines() == [
        "a.txt",
        "value  subject          indicator              baseline",
        "  +5%  mining industry  industrial production  y/y",
        "",
        "b.txt",
        "no statements",
    ]


@pytest.mark.parametrize(
    ("env", "colored"),
    [
        ({"FORCE_COLOR": "1", "TERM": "xterm"}, True),
        ({"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}, False),
        ({}, False),
    ],
)
def test_extract_table_is_colored_only_where_wanted(run, monkeypatch, env, colored):
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    write("a.txt", "5% -6%")
    out = run("a.txt").stdout
    assert ("\x1b[32m  +5%\x1b[0m" in out, "\x1b[31m  -6%\x1b[0m" in out) == (colored, colored)


def test_extract_table_keeps_markup_and_control_codes_out(run):
    write("a[bold].txt", "[red]5%")
    write("b.txt", "none")
    assert run("a[bold].txt", "b.txt").stdout.startswith("a[bold].txt\n")


def test_extract_writes_to_a_file(run):
    write("a.txt", "5%")
    result = run("a.txt", "--format", "jsonl", "-o", "out.jsonl")
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(Path("out.jsonl").read_text())["value"] == 5.0


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.txt", "a.txt is to be read"), ("no/out.csv", "no/out.csv: No such file")],
)
def test_extract_refuses_an_output_that_can_not_be_written(run, name, message):
    write("a.txt", "5%")
    result = run("a.txt", "-o", name)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert message in result.stderr
    assert Path("a.txt").read_text() == "5%"


def test_extract_keeps_an_older_output_when_an_option_is_wrong(run):
    write("a.txt", "5%")
    write("out.csv", "old")
    assert run("a.txt", "-o", "out.csv", "--country", "UK").exit_code == 2
    assert Path("out.csv").read_text() == "old"


@pytest.mark.parametrize("width", [1, 12, 30, 40, 60, 80, 100, 200])
def test_lay_out_keeps_to_the_width(width):
    long = make_statement(
        industry="computer, electronic and optical products 電子", area="Bắc Giang province",
        adjustment="seasonally_and_calendar_adjusted", status="expected", value_low=0.1, value_high=2.5,
    )  # fmt: skip
    from rich.cells import cell_len

    lines = lay_out([describe(make_statement()), describe(long)], width)
    least = cell_len("+0.1 to +2.5%")
    assert len(lines) == 3
    assert all(cell_len(line) <= max(width, least) and line == line.rstrip() for line in lines)


def test_lay_out_shortens_the_words_before_the_numbers():
    statement = make_statement(
        industry="manufacture of leather and related products", status="expected"
    )
    assert lay_out([describe(statement)], 60) == [
        "value  subject         indicator   period        baseline",
        "+0.9%  manufacture o…  industria…  Jan-Nov 2025  y/y",
    ]
    assert lay_out([describe(statement)], 80)[1] == (
        "+0.9%  manufacture of leather and…  industria…  Jan-Nov 2025  y/y       expected"
    )


def test_lay_out_shows_the_clause_where_there_is_room():
    lines = lay_out([describe(make_statement())], 110)
    assert lines[1].endswith("y/y       In the first 11 months of 2025 the min…")


# --- Input ----------------------------------------------------------------------------------------


def test_extract_reads_standard_input(run):
    result = run("-", "--format", "jsonl", text="\ufeffrose 5%\r\n6%")
    assert summary(result) == [("-", 5.0), ("-", 6.0)]
    assert [row["start"] for row in rows(result)] == [0, 9]


def test_extract_reads_folders_in_order(run):
    for number, name in enumerate(["d/b.txt", "d/a/z.md", "d/a/B.TEXT", "d/c.pdf", "d/e.jsonl"]):
        write(name, f"{number}%")
    result = run("d", "--format", "jsonl")
    assert summary(result) == [("d/a/B.TEXT", 2.0), ("d/a/z.md", 1.0), ("d/b.txt", 0.0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("café 5%".encode("latin-1"), "bad.txt: not UTF-8 (byte 3); convert it"),
        ("5%".encode("utf-16"), "bad.txt: not UTF-8 (byte 0); convert it"),
        (None, "bad.txt: there is no such file"),
    ],
)
def test_extract_names_a_file_that_can_not_be_read_and_goes_on(run, content, message):
    if content is not None:
        write("bad.txt", content)
    write("good.txt", "5%")
    result = run("bad.txt", "good.txt", "--format", "jsonl")
    assert (result.exit_code, summary(result)) == (1, [("good.txt", 5.0)])
    assert result.stderr.startswith(f"iipnlp: {message}")
    assert result.stderr.count("\n") == 1
    alone = run("bad.txt", "--format", "jsonl")
    assert (alone.exit_code, alone.stdout, alone.stderr) == (2, "", result.stderr)


def test_extract_names_a_file_without_permission(run, monkeypatch):
    write("a.txt", "5%")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = run("a.txt")
    assert (result.exit_code, result.stderr) == (2, "iipnlp: a.txt: Permission denied\n")


def test_extract_names_a_folder_without_text_files(run):
    write("d/a.pdf", b"%PDF")
    result = run("d")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "iipnlp: d: no .txt, .text, .md file in this folder; name the files\n"
    write("a.txt", "5%")
    assert run("d", "a.txt").exit_code == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--published", "soon"), "published is 'soon'; give a date"),
        (("--published", "2025-02-30"), "published is '2025-02-30'; there is no such day"),
        (("--published", "0001-01-01"), "published is '0001-01-01'; give a day from 1800 to 2200"),
        (("--country", "UK"), "country is 'UK'; give two letters"),
        (("--model", "nowhere"), "nowhere can't be loaded; give the folder"),
        (("--model", "."), "can't be loaded; give the folder"),
    ],
)
def test_extract_refuses_a_wrong_option_in_one_line(run, args, message):
    write("a.txt", "5%")
    result = (
        CliRunner().invoke(app, ["extract", "a.txt", *args])
        if "--model" in args
        else run("a.txt", *args)
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.startswith("iipnlp: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "args", [["extract"], ["extract", "a.txt", "--format", "xml"], ["extrakt"]]
)
def test_wrong_usage_exits_with_2(args):
    assert CliRunner().invoke(app, args).exit_code == 2


def test_extract_shows_progress_on_long_work_to_a_person(run, monkeypatch, capsys):
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    write("a.txt", "5%\n" * 100_000)
    with cli._progress(["a.txt", "-"], Path("out.csv")) as progress:
        progress(150_000)
        assert "50%" in screen.getvalue()
    with cli._progress(["-"], Path("out.csv")) as progress:
        assert progress is None


# --- The other commands, and the command as a process ---------------------------------------------


def test_schema_prints_the_schema():
    assert json.loads(CliRunner().invoke(app, ["schema"]).stdout) == Statement.schema()


def test_version_and_help():
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("iipnlp 0.")
    assert (
        "--published"
        in CliRunner().invoke(app, ["extract", "--help"], env={"COLUMNS": "100"}).stdout
    )


@pytest.mark.parametrize(
    "args", [["--version"], ["--help"], ["schema"], ["corpus", "check", "--help"]], ids=" ".join
)
def test_command_that_reads_no_text_starts_without_spacy(args):
    code = "import sys; from iipnlp.cli import app; app(standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, check=True)
    modules = done.stdout.split()
    assert b"typer" in modules
    assert {b"spacy", b"thinc", b"numpy", b"onnxruntime"}.isdisjoint(modules)


def start(*args: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    code = "import iipnlp.pipeline.statements; from iipnlp.cli import app; app()"
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **env})


def test_extract_to_a_closed_pipe_is_quiet(run, model_path):
    for number in range(2000):
        write(f"d/{number}.txt", "none")
    code = "import iipnlp.pipeline.statements; from iipnlp.cli import app; app()"
    command = [sys.executable, "-c", code, "extract", "d", "--model", str(model_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_extract_prints_any_name_on_any_terminal(run, model_path):
    write(os.fsdecode(b"caf\xe9.txt"), "none")
    write("ñ.txt", "none")
    done = start(
        "extract", ".", "--model", str(model_path), PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"./\\xf1.txt" in done.stdout
