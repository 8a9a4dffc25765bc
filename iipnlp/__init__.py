"""Statistical releases in, structured statements of change out."""

from importlib.metadata import version as _version

from iipnlp.extraction import ContextError, ModelError, TextError, extract, extract_many, load
from iipnlp.statement import IipnlpError, Statement, StatementError, Statements

__all__ = [
    "ContextError",
    "IipnlpError",
    "ModelError",
    "Statement",
    "StatementError",
    "Statements",
    "TextError",
    "extract",
    "extract_many",
    "load",
]

__version__ = _version("iipnlp")
