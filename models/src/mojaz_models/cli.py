"""The command line: mojaz-models make, data, train, average, convert, synthesize, export, evaluate, speed, publish, pull, tiny.

Errors are one line and a code."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mojaz_server.errors import MojazError

from mojaz_models.errors import CorpusError, ModelsError, RecipeError

if TYPE_CHECKING:
    from mojaz_models.corpora import Corpora
    from mojaz_models.evaluate.terms import Terms
    from mojaz_models.evaluate.testsets import TestSet

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

HOME = Path(__file__).parents[2]
"""The folder models/ of the repository; recipes, registers and bundles are there."""

NEEDED = {
    "torch": "this needs PyTorch: pip install 'mojaz-models[train]'",
    "safetensors": "this needs transformers: pip install 'mojaz-models[convert]'",
    "transformers": "this needs transformers: pip install 'mojaz-models[convert]'",
}
"""What to say when a module is missing that only some commands import."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code (0: done, 2: wrong usage or recipe, others: see errors.py)."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ModelsError as error:
        return _fail(error, error.exit_code)
    except MojazError as error:  # the engine's
        return _fail(error, 5)
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        return _fail(NEEDED[error.name], 1)
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    return 0


def _fail(error: object, code: int) -> int:
    print(f"mojaz-models: {error}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mojaz-models", description="Training, conversion, evaluation and release of models.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_making(commands)
    _add_synthesize(commands)
    _add_export(commands)
    _add_judging(commands)
    pull = _command(commands, "pull", _pull, "fetch a model of the catalogue from its hub")
    pull.add_argument("name", help="NAME or NAME@VERSION")
    _add_catalog(pull)
    tiny = _command(commands, "tiny", _tiny, "write a tiny bundle whose output is noise, for tests")
    tiny.add_argument("folder", type=Path)
    tiny.add_argument("--seed", type=int, default=1)
    return parser


def _add_making(commands: _Commands) -> None:
    make = _command(commands, "make", _make, "data, train, convert and evaluate in one: a recipe to a measured bundle")
    data = _command(commands, "data", _data, "pack the corpora of a recipe")
    train = _command(commands, "train", _train, "train on packed corpora")
    convert = _command(commands, "convert", _convert, "make a bundle of trained weights")
    for command in (make, data, train, convert):
        command.add_argument("recipe", type=Path, help="a recipe, such as models/recipes/smoke.toml")
        command.add_argument("--work", type=Path, help="folder of the run's files (build/models/NAME)")
    for command in (make, data, convert):
        command.add_argument(
            "--corpora", type=Path, help="folder of the corpora; without it, toy corpora where the recipe allows"
        )
        command.add_argument("--dev", type=Path, help="folder of the development sets (testsets, beside the corpora)")
    for command in (make, train):
        command.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    average = _command(commands, "average", _average, "write the mean of the weights of several checkpoints of one network")
    average.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    average.add_argument("--to", type=Path, required=True, metavar="FILE", help="checkpoint to write")
    convert.add_argument("--weights", type=Path, help="a checkpoint, or a folder of transformers (WORK/run/weights.pt)")
    convert.add_argument("--vocabulary", type=Path, help="its SentencePiece model (that in the folder, or WORK/run/spm.model)")
    convert.add_argument("--bundle", type=Path, help="folder to write (WORK/bundle)")


def _add_synthesize(commands: _Commands) -> None:
    text = "have a bundle translate packed sentences and keep the pairs that pass the checks, to train on"
    synthesize = _command(commands, "synthesize", _synthesize, text)
    synthesize.add_argument(
        "sentences", type=Path, help="a packed set of sentences: ar.xz, or en.xz for a bundle that writes Arabic"
    )
    synthesize.add_argument("--bundle", type=Path, required=True)
    synthesize.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="packed set of pairs to write, such as back.xz"
    )
    synthesize.add_argument("--most", type=int, metavar="N", help="only the first N sentences")
    synthesize.add_argument("--beam", type=int, default=1, help="beam size (1)")
    synthesize.add_argument("--threads", type=int, default=1, help="threads of the engine (1)")


def _add_export(commands: _Commands) -> None:
    export = _command(commands, "export", _export, "write weights as a folder of transformers, to fine-tune them")
    export.add_argument("source", type=Path, help="a recipe, or a bundle of our own (its weights as they were rounded to int8)")
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="folder to write; it must be new or empty")
    export.add_argument("--work", type=Path, help="folder of the recipe's run (build/models/NAME)")
    export.add_argument("--weights", type=Path, help="the recipe's checkpoint (WORK/run/weights.pt)")
    export.add_argument("--vocabulary", type=Path, help="its SentencePiece model (WORK/run/spm.model)")


def _add_judging(commands: _Commands) -> None:
    evaluate = _command(commands, "evaluate", _evaluate, "measure a bundle, or compare it with another")
    evaluate.add_argument("bundle", type=Path)
    evaluate.add_argument(
        "--against", type=Path, metavar="BUNDLE", help="the baseline of a paired comparison, such as the released"
    )
    evaluate.add_argument("--robustness", action="store_true", help="also with typing noise and with terms in English letters")
    evaluate.add_argument("--reliability", action="store_true", help="also how far the confidence told can be relied on")
    evaluate.add_argument("--write", action="store_true", help="store the scores in the bundle's manifest")
    evaluate.add_argument("--outputs", type=Path, metavar="FOLDER", help="keep sources, translations and references there")
    evaluate.add_argument("--beam", type=int, default=0, help="beam size (the bundle's)")
    speed = _command(commands, "speed", _speed, "compare a bundle's speed with that of a transformer of base size")
    speed.add_argument("bundle", type=Path)
    publish = _command(commands, "publish", _publish, "release a bundle, unless it is worse than the released one")
    publish.add_argument("candidate", type=Path)
    publish.add_argument("--into", type=Path, required=True, help="models/bundles/NAME")
    _add_catalog(publish)
    for command in (evaluate, publish):
        command.add_argument(
            "--terms", type=Path, metavar="FILE", help="terms to look for (known names): Arabic, tab, English|English"
        )
    for command in (evaluate, speed, publish):
        command.add_argument("--tests", type=Path, metavar="FOLDER", help="folder of *.tsv files: Arabic, tab, English")
        command.add_argument("--pairs", type=Path, action="append", default=[], metavar="FILE", help="one such file, or several")
        command.add_argument(
            "--lines", type=Path, action="append", default=[], metavar="FILE", help="Arabic sentences without English, one a line"
        )
        command.add_argument("--most", type=int, default=0, metavar="N", help="only the first N sentences of each")
        command.add_argument("--threads", type=int, default=1, help="threads of the engine (1)")


def _add_catalog(command: argparse.ArgumentParser) -> None:
    command.add_argument("--catalog", type=Path, default=HOME / "catalog.toml", help="the catalogue (models/catalog.toml)")


def _command(commands: _Commands, name: str, run: object, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(run=run)
    return command


def _make(options: argparse.Namespace) -> None:
    if not options.resume:
        _data(options)
    _train(options)
    work = _work(options)
    options.weights, options.vocabulary, options.bundle = None, None, None
    _convert(options)
    from mojaz_models import recipe  # noqa: PLC0415 - each command imports what it needs: torch alone takes seconds
    from mojaz_models.dataset import read_pairs  # noqa: PLC0415

    dev = recipe.load(options.recipe).watch.dev
    pairs = work / f"{dev}.tsv"
    rows = zip(*read_pairs(work / "data" / f"{dev}.xz"), strict=True)
    pairs.write_text("".join(f"{a}\t{e}\n" for a, e in rows), encoding="utf8")
    _measure(work / "bundle", pairs)


def _measure(bundle: Path, pairs: Path) -> None:
    from mojaz_models.evaluate import table, testsets, translation  # noqa: PLC0415

    results = translation.evaluate([bundle], testsets.read_test_sets(pairs=[pairs]))
    translation.write_scores(bundle, results)
    print(table.table(results))


def _data(options: argparse.Namespace) -> None:
    from mojaz_models import packing, recipe  # noqa: PLC0415

    packing.pack(recipe.load(options.recipe), _corpora(options), _work(options) / "data", _tell)


def _train(options: argparse.Namespace) -> None:
    from mojaz_models import recipe, training  # noqa: PLC0415

    found, work = recipe.load(options.recipe), _work(options)
    training.train(found, options.recipe, work / "data", work / "run", resume=options.resume, tell=_tell)


def _average(options: argparse.Namespace) -> None:
    from mojaz_models import checkpoint  # noqa: PLC0415

    checkpoint.save(options.to, *checkpoint.mean(options.checkpoints))


def _convert(options: argparse.Namespace) -> None:
    from mojaz_models import convert, recipe  # noqa: PLC0415
    from mojaz_models.corpora import REGISTER, Corpora  # noqa: PLC0415

    found = recipe.load(options.recipe)
    # only their licences are wanted, which the register of the repository states without them
    corpora = _corpora(options) if options.corpora or found.toy else Corpora(HOME / REGISTER, HOME, HOME)
    convert.convert(found, *_trained(options), options.bundle or _work(options) / "bundle", corpora, _tell)


def _synthesize(options: argparse.Namespace) -> None:
    from mojaz_models import dataset, synthetic  # noqa: PLC0415

    sentences = dataset.read_lines(options.sentences)[: options.most]
    made = synthetic.pairs(sentences, options.bundle, beam=options.beam, threads=options.threads, tell=_tell)
    dataset.write_lines(options.to, ("\t".join(pair) for pair in made))


def _export(options: argparse.Namespace) -> None:
    from mojaz_models import export, recipe  # noqa: PLC0415

    if options.source.is_dir():
        export.bundled(options.source, options.to, _tell)
        return
    options.recipe = options.source
    export.trained(recipe.load(options.recipe), *_trained(options), options.to, _tell)


def _trained(options: argparse.Namespace) -> tuple[Path, Path]:
    """Weights and their SentencePiece model: those named, else the run's; a folder of weights may have its own model."""
    run = _work(options) / "run"
    weights = options.weights or run / "weights.pt"
    beside = weights / "spm.model"
    return weights, options.vocabulary or (beside if beside.is_file() else run / "spm.model")


def _corpora(options: argparse.Namespace) -> "Corpora":
    """The corpora given, with their own register if the folder has one; else toy corpora, for a recipe that can use them."""
    from mojaz_models import toy  # noqa: PLC0415
    from mojaz_models.corpora import REGISTER, Corpora  # noqa: PLC0415
    from mojaz_models.recipe import load  # noqa: PLC0415

    folder = options.corpora
    if folder is None:
        if not load(options.recipe).toy:
            raise RecipeError(f"{options.recipe} needs corpora: name their folder with --corpora")
        folder = toy.generate(_work(options) / "toy")
        return Corpora(folder / REGISTER, folder, folder)
    if not folder.is_dir():
        raise CorpusError(f"there is no folder {folder}")
    register = folder / REGISTER
    return Corpora(register if register.is_file() else HOME / REGISTER, folder, options.dev or folder.parent / "testsets")


def _evaluate(options: argparse.Namespace) -> None:
    from mojaz_models.evaluate import outputs, reliability, table, translation  # noqa: PLC0415

    sets, terms = _test_sets(options), _terms(options)
    folders = [*([options.against] if options.against else []), options.bundle]
    results = translation.evaluate(
        folders, sets, beam=options.beam, threads=options.threads, terms=terms, robustness=options.robustness
    )
    print(table.table(results))
    own = results[1::2] if options.against else results
    if options.reliability:
        print("\n" + reliability.reliability(reliability.samples(own, sets)))
    if options.outputs:
        outputs.write_readable(options.outputs, results, sets)
    if options.write:
        translation.write_scores(options.bundle, own)


def _speed(options: argparse.Namespace) -> None:
    from mojaz_models.evaluate import speed  # noqa: PLC0415

    sources = [source for test_set in _test_sets(options) for source in test_set.sources]
    print(speed.table(speed.against_base(options.bundle, sources, options.threads), options.threads))


def _publish(options: argparse.Namespace) -> None:
    from mojaz_models.publish import publish  # noqa: PLC0415

    sets, terms = _test_sets(options), _terms(options)
    print(publish(options.candidate, options.into, sets, options.catalog, threads=options.threads, terms=terms))


def _test_sets(options: argparse.Namespace) -> "list[TestSet]":
    from mojaz_models.evaluate.testsets import read_test_sets  # noqa: PLC0415

    return read_test_sets(options.tests, options.pairs, options.lines, options.most)


def _terms(options: argparse.Namespace) -> "Terms":
    from mojaz_models.evaluate.terms import gazetteer, read_terms  # noqa: PLC0415

    return read_terms(options.terms) if options.terms else gazetteer


def _pull(options: argparse.Namespace) -> None:
    from mojaz_models import catalog, hub  # noqa: PLC0415

    print(hub.pull(catalog.find(catalog.read(options.catalog), options.name), hub.cache_folder()))


def _tiny(options: argparse.Namespace) -> None:
    from mojaz_models.tiny import build_tiny  # noqa: PLC0415

    print(build_tiny(options.folder, options.seed))


def _work(options: argparse.Namespace) -> Path:
    folder: Path = options.work or Path("build/models") / options.recipe.stem
    return folder


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
