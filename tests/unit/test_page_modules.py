"""Modules of the page's script are put together as one script, or refused for a reason that is said."""

from __future__ import annotations

import re
import subprocess

import pytest

from keras_profile.output.html.modules import ModuleError, join_modules
from support import requirements


def joined(**modules):
    """The modules ``main.js`` and others, by their names without ``.js``, ``_`` for ``/``, as one script."""
    sources = {f"{name.replace('_', '/')}.js": source for name, source in modules.items()}
    return join_modules("main.js", sources.__getitem__)


def ran(script):
    node = requirements.program("node", "nodejs")
    done = subprocess.run([node, "-"], input=script, text=True, capture_output=True, check=True)
    return done.stdout.split()


def order(script):
    return re.findall(r'^modules\["([^"]+)"\]', script, re.MULTILINE)


def test_a_module_comes_once_and_after_all_that_it_imports():
    script = joined(
        main='import { b } from "./b.js";\nimport { a } from "./deep/a.js";\nconsole.log(a, b());\n',
        b='import {\n  a,\n} from "./deep/a.js";\nexport function b() {\n  return a + 1;\n}\n',
        deep_a='import { one } from "../one.js";\nexport const a = one;\n',
        one="export const one = 1;\n",
    )
    assert order(script) == ["one.js", "deep/a.js", "b.js", "main.js"]
    assert ran(script) == ["1", "2"]


def test_modules_keep_their_names_to_themselves():
    script = joined(
        main='import { f } from "./f.js";\nconst own = 1;\nconsole.log(own, f(), typeof hidden);\n',
        f="const own = 2;\nconst hidden = 3;\nexport function f() {\n  return own + hidden;\n}\n",
    )
    assert ran(script) == ["1", "5", "undefined"]


def test_functions_classes_and_constants_are_exported():
    script = joined(
        main='import { A, b, c } from "./all.js";\nb().then((ns) => console.log(new A().one, ns, c));\n',
        all="export class A {\n  one = 1;\n}\nexport async function b() {\n  return 2;\n}\n"
        "export const c = 3;\n",
    )
    assert ran(script) == ["1", "2", "3"]


def test_comments_that_take_lines_are_left_out_and_others_stay():
    script = joined(
        main="// job\n/**\n * import { x } from './y.js'\n */\n"
        "export const a = /** @type {1} */ (1); // one\n"
    )
    assert "job" not in script
    assert "y.js" not in script
    assert "const a = /** @type {1} */ (1); // one\n" in script


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('import { one } from "./b.js";\n', "main.js: b.js exports no one"),
        ('import { b as c } from "./b.js";\n', "exports no b as c"),
        ('import b from "./b.js";\n', "cannot be put into a page"),
        ('import * as b from "./b.js";\n', "cannot be put into a page"),
        ('import "./b.js";\n', "cannot be put into a page"),
        ('import { b } from "b";\n', "cannot be put into a page"),
        ("export default 1;\n", "cannot be put into a page"),
        ("export let a = 1;\n", "cannot be put into a page"),
        ("const a = 1;\nexport { a };\n", "cannot be put into a page"),
        ('export { b } from "./b.js";\n', "cannot be put into a page"),
    ],
)
def test_what_cannot_be_put_together_is_refused(source, problem):
    with pytest.raises(ModuleError, match=re.escape(problem)):
        joined(main=source, b="export const b = 1;\n")


def test_modules_that_import_each_other_are_refused():
    with pytest.raises(ModuleError, match=re.escape("main.js > b.js > main.js")):
        joined(
            main='import { b } from "./b.js";\nexport const a = 1;\n',
            b='import { a } from "./main.js";\nexport const b = a;\n',
        )
