"""The last component: makes `doc._.statements`, read from mentions and figures when asked for."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from iipnlp import assembly
from iipnlp.statement import Statement


@Language.factory("iip_statements", assigns=["doc._.statements"], requires=["doc.ents"])
def make_statements(nlp: Language, name: str) -> StatementReader:
    """Create the component."""
    return StatementReader()


class StatementReader:
    """Passes Docs through: its presence makes `doc._.statements` known wherever the pipeline is.

    The statements are made anew at every access and are never stored, because a Doc goes to another
    process, or to a file, only with plain values. Set `doc._.published` (an ISO date) and
    `doc._.country` before the access, on a Doc from `nlp.make_doc` for one that is yet to be read.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Return the Doc as it is."""
        return doc


def get_statements(doc: Doc) -> list[Statement]:
    """Read the statements of a Doc."""
    return assembly.assemble(doc)


if not Doc.has_extension("statements"):
    Doc.set_extension("statements", getter=get_statements)
