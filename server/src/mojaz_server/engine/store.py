"""Opens the model that the configuration names."""

from pathlib import Path

from mojaz_server.engine.batcher import Model
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.echo import Echo
from mojaz_server.engine.translator import Translator

WARM_UP = "أعلنت الوزارة يوم الاثنين ارتفاع عدد الضحايا إلى 25 شخصا"


def open_model(name: str, *, workers: int, threads: int, compute_type: str) -> Model:
    """Load and warm up a model: a bundle's folder, or "echo". Raises BundleError."""
    model: Model = (
        Echo()
        if name == "echo"
        else Translator(Bundle.load(Path(name)), workers=workers, threads=threads, compute_type=compute_type)
    )
    model.translate_batch([WARM_UP])
    return model
