"""The bundle as a package of Argos Translate, which LibreTranslate serves: the same weights, pieces and source tag."""

import json
import shutil
from pathlib import Path

from mojaz_server.engine.bundle import Bundle

NOT_OF_THE_MODEL = {"manifest.json", "spm.model", "config.json"}


def build(bundle: Bundle, packages: Path) -> Path:
    """Install the package into `packages`, the folder that ARGOS_PACKAGES_DIR names, and return it."""
    package = packages / "ar_en"
    shutil.rmtree(package, ignore_errors=True)
    model = package / "model"
    model.mkdir(parents=True)
    for path in bundle.folder.iterdir():
        if path.name not in NOT_OF_THE_MODEL:
            shutil.copy(path, model)
    # Argos sends bare pieces; told so, CTranslate2 itself puts our tag before them and the end of sentence behind
    config = json.loads((bundle.folder / "config.json").read_text(encoding="utf-8"))
    config |= {"add_source_eos": True, "add_source_bos": bool(bundle.tag)} | ({"bos_token": bundle.tag} if bundle.tag else {})
    (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy(bundle.folder / "spm.model", package / "sentencepiece.model")
    about = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": "ar",
        "from_name": "Arabic",
        "to_code": "en",
        "to_name": "English",
    }
    (package / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    return package
