"""The rules of the twelve task kinds (dsl.md, "Task"), one table."""

from headrace.engine.tasks.call import CallRule, RunRule
from headrace.engine.tasks.composite import DoRule, ForkRule, ForRule
from headrace.engine.tasks.listen import ListenRule
from headrace.engine.tasks.rule import Rule
from headrace.engine.tasks.simple import EmitRule, RaiseRule, SetRule, SwitchRule
from headrace.engine.tasks.try_ import TryRule
from headrace.engine.tasks.wait import WaitRule

RULES: dict[str, Rule] = {
    "call": CallRule(),
    "do": DoRule(),
    "emit": EmitRule(),
    "for": ForRule(),
    "fork": ForkRule(),
    "listen": ListenRule(),
    "raise": RaiseRule(),
    "run": RunRule(),
    "set": SetRule(),
    "switch": SwitchRule(),
    "try": TryRule(),
    "wait": WaitRule(),
}
