"""``keras-profile rules``: lists the causes that reports check, or explains one."""

from __future__ import annotations

import argparse

from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "rules",
        parents=[common],
        help="list the causes that reports check, or explain one",
        description="Lists the rules that find out why a call is slow, or explains one.",
    )
    command.add_argument("rule", metavar="RULE", nargs="?", help="the rule to explain (default: list all)")
    shared.add_json(command, "rules")
    command.set_defaults(function=rules)


def rules(options: argparse.Namespace) -> int:
    from ...analysis.rules.catalogue import RULES
    from ...analysis.rules.engine import chosen
    from ...model.listing import RULES_SCHEMA, RuleListing
    from ...output.rules_page import print_rule, print_rules
    from ...output.terminal import console

    texts = [rule.text() for rule in (RULES if options.rule is None else chosen(RULES, [options.rule], []))]
    if options.json:
        print_json(RuleListing(RULES_SCHEMA, texts))
    elif options.rule is None:
        print_rules(texts, console())
    else:
        print_rule(texts[0], console())
    return 0
