"""``keras-profile rules``: lists the causes that are looked for, or explains one."""

from __future__ import annotations

import argparse

from .. import options as shared


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "rules",
        parents=[common],
        help="list the causes that are looked for, or explain one",
        description="Lists the rules by which a report says why a call is slow, or explains one.",
    )
    command.add_argument("rule", metavar="RULE", nargs="?", help="the rule to explain (default: list all)")
    command.set_defaults(function=rules)


def rules(options: argparse.Namespace) -> int:
    from ...analysis.rules.catalogue import RULES
    from ...analysis.rules.engine import chosen
    from ...output.rules_page import print_rule, print_rules
    from ...output.terminal import console

    if options.rule is None:
        print_rules([rule.text() for rule in RULES], console())
    else:
        (rule,) = chosen(RULES, [options.rule], [])
        print_rule(rule.text(), console())
    return 0
