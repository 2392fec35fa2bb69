"""Opens the model that the configuration names."""

import mmap
from pathlib import Path

from mojaz_server.engine.batcher import Model
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.echo import Echo
from mojaz_server.engine.translator import Translator
from mojaz_server.errors import ConfigError

WARM_UP = "أعلنت الوزارة يوم الاثنين ارتفاع عدد الضحايا إلى 25 شخصا"


def open_model(name: str, *, workers: int, threads: int, compute_type: str) -> Model:
    """Load and warm up a model: a bundle's folder, or "echo". Raises BundleError, ConfigError."""
    model: Model = Echo()
    if name != "echo":
        _require_written_code()
        model = Translator(Bundle.load(Path(name)), workers=workers, threads=threads, compute_type=compute_type)
    model.translate_batch([WARM_UP])
    return model


def _require_written_code() -> None:
    """CTranslate2 writes its kernels for the processor at hand; where it may not it writes nonsense and does not fail."""
    try:
        mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
    except OSError as error:
        raise ConfigError(
            f"this process may not run code that it wrote, without which the model writes nonsense ({error}); "
            "take MemoryDenyWriteExecute, or what else forbids it, off"
        ) from error
