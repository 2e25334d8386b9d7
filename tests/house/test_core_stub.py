# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The type stub of the core and the compiled core say the same. Needs the built package."""

import ast
import inspect

import pytest

_core = pytest.importorskip("turbodicom._core")

# What pybind11 and CPython put into every class by themselves.
MACHINERY = {"__doc__", "__module__", "__new__", "__getattribute__", "_pybind11_conduit_v1_"}


@pytest.fixture(scope="module")
def stub(root):
    """Return the parsed stub."""
    return ast.parse((root / "python" / "turbodicom" / "_core.pyi").read_text(encoding="utf-8"))


def defined(body):
    """Return name -> node of the functions and classes of a module or class."""
    return {node.name: node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def compiled_members(cls):
    return set(vars(cls)) - MACHINERY


def test_every_name_of_the_core_is_in_its_stub_and_the_other_way_round(stub):
    compiled = {name for name in dir(_core) if not name.startswith("__")}
    assert set(defined(stub.body)) == compiled


def test_functions_are_functions_and_classes_are_classes(stub):
    for name, node in defined(stub.body).items():
        assert inspect.isclass(getattr(_core, name)) == isinstance(node, ast.ClassDef), name


def test_every_member_of_every_class_is_in_the_stub_and_the_other_way_round(stub):
    for name, node in defined(stub.body).items():
        if isinstance(node, ast.ClassDef):
            compiled = compiled_members(getattr(_core, name))
            if "__init__" not in defined(node.body):
                compiled.discard("__init__")  # pybind11's refusal
            assert set(defined(node.body)) == compiled, name


def test_properties_are_properties_and_methods_are_methods(stub):
    for name, node in defined(stub.body).items():
        for member, definition in defined(node.body).items():
            is_property = any(getattr(decorator, "id", "") == "property" for decorator in definition.decorator_list)
            assert callable(getattr(getattr(_core, name), member)) != is_property, f"{name}.{member}"


def test_functions_have_as_many_parameters_as_the_core_takes(stub):
    for name, node in defined(stub.body).items():
        signature = (getattr(_core, name).__doc__ or "").partition("\n")[0]  # pybind11 writes arg0, arg1, ...
        if isinstance(node, ast.FunctionDef) and signature:
            assert len(node.args.posonlyargs) == signature.count("arg"), name


def test_everything_in_the_stub_says_what_it_is(stub):
    definitions = [node for node in ast.walk(stub) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert [node.name for node in definitions if not ast.get_docstring(node)] == []
    assert ast.get_docstring(stub)


def test_the_version_is_in_the_stub(stub):
    types = {node.target.id: ast.unparse(node.annotation) for node in stub.body if isinstance(node, ast.AnnAssign)}
    assert types["__version__"] == "str"
    assert isinstance(_core.__version__, str)
