# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The command line as DCMTK's programs read it: exact names, short and long, values behind them, ``@file``.

An option sets one field; options that set the same field exclude each other, and the last one wins. A name
that begins with ``+`` or ``-`` and no digit is an option, whatever has a digit there is a number or a file.
"""

import math
import sys
import types
from dataclasses import dataclass

from turbodicom import __version__
from turbodicom.cli._common import USAGE

_HELP, _VERSION = ("-h", "--help"), ("--version",)
_QUOTES = "'\""


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes
    ----------
    short, long : str
        Its names; `short` may be empty.
    field : str
        What it sets.
    value : object
        To what it sets it; with `takes`, a callable that gets the values and returns it.
    help : str
    takes : tuple of callable
        What turns each text behind the option into a value; raises ValueError.
    names : str
        Names of those values for the help, one word each.
    adds : bool
        Add to a set instead of replacing.
    refused : str
        Why it is not there; then it is a usage error.
    """

    short: str
    long: str
    field: str
    value: object
    help: str
    takes: tuple = ()
    names: str = ""
    adds: bool = False
    refused: str = ""


class ArgumentParser:
    """A parser with the two methods of argparse's that the tools use.

    Parameters
    ----------
    program, description, epilog : str
    groups : list of (str, list of Option)
    defaults : dict
        Fields and what they are without any option.
    parameters : tuple of str
        Names of what is no option; the first is needed.
    """

    def __init__(self, program, description, epilog, groups, defaults, parameters):
        self.program = program
        self._texts = (description, epilog)
        self._groups = groups
        self._defaults = defaults
        self._parameters = parameters
        self._options = {
            name: option
            for _, options in groups
            for option in options
            for name in (option.short, option.long)
        }
        self._options.pop("", None)

    def parse_args(self, arguments):
        """Read the arguments.

        Parameters
        ----------
        arguments : list of str

        Returns
        -------
        types.SimpleNamespace
            The fields, `parameters` (list of str) and `expanded` (the arguments, long names, ``@file`` opened).

        Raises
        ------
        SystemExit
            Wrong usage (2), help or version (0).
        """
        try:
            arguments = _with_files(arguments)
            if _is_among(_HELP, arguments):
                print(self.format_help())
                raise SystemExit(0)
            if _is_among(_VERSION, arguments):
                print(f"turbodicom {__version__}")
                raise SystemExit(0)
            return self._read(arguments)
        except ValueError as error:
            self.error(str(error))

    def error(self, message):
        """Say what is wrong with the arguments and leave with 2."""
        print(f"usage: {self._usage()}\n{self.program}: error: {message}", file=sys.stderr)
        raise SystemExit(USAGE)

    def format_help(self):
        """Return the text of --help."""
        description, epilog = self._texts
        lines = [f"usage: {self._usage()}", "", description, ""]
        for heading, options in self._groups:
            lines += [f"{heading}:", *map(_help_line, options), ""]
        return "\n".join([*lines, epilog]).rstrip()

    def _usage(self):
        first, *others = self._parameters
        return " ".join([self.program, "[options]", first, *(f"[{name}]" for name in others)])

    def _read(self, arguments):
        fields = dict(self._defaults)
        parameters, expanded = [], []
        rest = iter(arguments)
        for word in rest:
            if not _is_option(word):
                parameters.append(word)
                expanded.append(word)
                continue
            option = self._known(word)
            texts = _take(rest, option)
            expanded += [option.long, *texts]
            _set(fields, option, texts)
        if not parameters:
            raise ValueError(f"{self._parameters[0]} is missing")
        if len(parameters) > len(self._parameters):
            raise ValueError(
                f"{len(parameters)} files are too many, at most {' and '.join(self._parameters)}"
            )
        return types.SimpleNamespace(**fields, parameters=parameters, expanded=expanded)

    def _known(self, word):
        option = self._options.get(word)
        if option is None:
            raise ValueError(f"there is no option {word}; see --help")
        if option.refused:
            raise ValueError(f"option {word} of DCMTK is not there: {option.refused}")
        return option


def integer(low=None, high=None):
    """Return a converter of whole numbers from `low` to `high`."""
    return _ranged(int, "a whole number", low, high)


def number(low=None, high=None, above=None):
    """Return a converter of finite numbers from `low` to `high`, or larger than `above`."""

    def convert(text):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError
        return value

    return _ranged(convert, "a number", low, high, above)


def word(*choices):
    """Return a converter of one of several words."""

    def convert(text):
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text}")
        return text

    return convert


def _ranged(convert, kind, low, high, above=None):
    def converter(text):
        try:
            value = convert(text)
        except ValueError:
            raise ValueError(f"must be {kind}, not {text!r}") from None
        if low is not None and value < low or above is not None and value <= above:
            raise ValueError(f"must be {f'{low} or more' if above is None else f'above {above}'}, not {text}")
        if high is not None and value > high:
            raise ValueError(f"must be {high} or less, not {text}")
        return value

    return converter


def _is_option(word):
    """Tell options from files and numbers; ``-`` alone is a file, a digit behind the sign a number."""
    return len(word) > 1 and word[0] in "+-" and not "0" <= word[1] <= "9"


def _is_among(names, arguments):
    return any(argument in names for argument in arguments)


def _take(rest, option):
    texts = [text for _, text in zip(option.takes, rest)]
    if len(texts) < len(option.takes):
        raise ValueError(f"option {option.long} needs {option.names}")
    return texts


def _set(fields, option, texts):
    try:
        values = [convert(text) for convert, text in zip(option.takes, texts)]
    except ValueError as error:
        raise ValueError(f"option {option.long}: {error}") from None
    value = option.value(*values) if option.takes else option.value
    fields[option.field] = (fields[option.field] or frozenset()) | {value} if option.adds else value


def _with_files(arguments):
    """Put the words of each ``@file`` in its place; words may be quoted to hold blanks."""
    expanded = []
    for argument in arguments:
        if len(argument) < 2 or argument[0] != "@":
            expanded.append(argument)
            continue
        try:
            with open(argument[1:], encoding="utf-8", errors="surrogateescape") as file:
                expanded += _words(file.read())
        except OSError as error:
            raise ValueError(f"argument file {argument[1:]}: {error.strerror}") from None
    return expanded


def _words(text):
    """Split at blanks that are not in quotes; there is no escape character."""
    words, current, quote = [], None, ""
    for character in text:
        if quote and character == quote:
            words, current, quote = [*words, current], None, ""
        elif quote:
            current += character
        elif character in _QUOTES:
            current, quote = current or "", character
        elif character.isspace():
            words += [] if current is None else [current]
            current = None
        else:
            current = (current or "") + character
    return words if current is None else [*words, current]


def _help_line(option):
    text = f"not there: {option.refused}" if option.refused else option.help
    return f"  {option.short:5} {f'{option.long} {option.names}':36} {text}"
