"""From a typed workflow to a plan: resolves names, compiles expressions and schemas, links neighbours.

Planning asks nothing of the world: documents that a definition refers to (catalog functions, external
schemas) were fetched when it was deployed and are given as `resources`, so that every execution of a
version sees the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs
import msgspec

from headrace.engine.evaluate import Compiler
from headrace.engine.fault import PlanError
from headrace.engine.plan import DIRECTIVES, DurationOf, ExtensionPlan, Node, Plan, Schema, TaskListPlan
from headrace.errors import ExpressionError
from headrace.spec.component import RetryPolicy, Timeout
from headrace.spec.component import Schema as SchemaSpec
from headrace.spec.duration import Duration, parse_duration
from headrace.spec.model import Extension, Workflow
from headrace.spec.task import NamedTask, Task

# extend: which task kinds an extension covers (dsl-reference.md, "Extension").
_COMPOSITE_KINDS = frozenset({"do", "fork"})
_OUTWARD_KINDS = frozenset({"call", "run", "listen", "emit", "wait"})


class Planner:
    """Builds one plan. `detail_builders` come from `engine/tasks/`: kind -> what that kind compiles."""

    def __init__(
        self,
        workflow: Workflow,
        *,
        functions: Mapping[str, Any],
        resources: Mapping[str, Any],
        detail_builders: Mapping[str, Callable[[Planner, Node, Any, Compiler], None]],
    ) -> None:
        self.workflow = workflow
        self.functions = functions
        self.resources = resources
        self.plan = Plan()
        self._detail_builders = detail_builders
        self._in_extension = 0
        self._extensions: dict[int, ExtensionPlan] = {}
        self._compiler = Compiler(workflow.evaluate.language, workflow.evaluate.mode)

    def build(self) -> Plan:
        """Return the plan. Raises `PlanError` for what cannot be executed."""
        workflow, plan = self.workflow, self.plan
        compiler = self._compiler
        plan.namespace = workflow.document.namespace
        plan.name = workflow.document.name
        plan.version = workflow.document.version
        plan.definition = workflow.definition
        plan.functions = self.functions
        plan.secret_names = workflow.use.secrets
        if workflow.input is not None:
            plan.input_schema = self.schema(workflow.input.schema, "/input/schema")
            if workflow.input.from_ is not None:
                plan.input_from = self.compile(
                    "/input/from", compiler.expression_or_template, workflow.input.from_
                )
        if workflow.output is not None:
            plan.output_schema = self.schema(workflow.output.schema, "/output/schema")
            if workflow.output.as_ is not None:
                plan.output_as = self.compile(
                    "/output/as", compiler.expression_or_template, workflow.output.as_
                )
        plan.timeout = self.timeout(workflow.timeout, "/timeout", compiler)
        plan.root = self.task_list("/do", workflow.do, compiler)
        return plan

    # --- what tasks use ---------------------------------------------------------------------------------

    def task_list(self, pointer: str, tasks: tuple[NamedTask, ...], compiler: Compiler) -> TaskListPlan:
        """Plan a list of tasks and link their flow directives within it."""
        nodes = tuple(
            self.node(f"{pointer}/{index}/{escape(named.name)}", named.name, named.task, index, compiler)
            for index, named in enumerate(tasks)
        )
        result = TaskListPlan(pointer, nodes)
        for node, named in zip(nodes, tasks, strict=True):
            node.then = self.directive(named.task.then, result, node.pointer)
            if node.kind == "switch":
                for case in node.detail:
                    case.then = self.directive(case.directive, result, node.pointer)
            elif node.kind == "try":
                node.detail.then = self.directive(node.detail.directive, result, node.pointer)
        return result

    def directive(self, then: str | None, scope: TaskListPlan, pointer: str) -> int:
        """Return a flow directive as a number: CONTINUE, EXIT, END or an index in `scope`."""
        if then is None:
            return DIRECTIVES["continue"]
        known = DIRECTIVES.get(then)
        if known is not None:
            return known
        position = scope.positions.get(then)
        if position is None:
            raise PlanError(pointer, f"`then: {then}` names no task of the same list")
        return position

    def node(
        self, pointer: str, name: str, task: Task, index: int, compiler: Compiler, *, extended: bool = True
    ) -> Node:
        """Plan one task with all that is below it."""
        node = Node(pointer, name, task.kind, task.definition, index)
        self.plan.nodes[pointer] = node
        if task.if_ is not None:
            node.if_ = self.compile(f"{pointer}/if", compiler.condition, task.if_)
        if task.input is not None:
            node.input_schema = self.schema(task.input.schema, f"{pointer}/input/schema")
            if task.input.from_ is not None:
                node.input_from = self.compile(
                    f"{pointer}/input/from", compiler.expression_or_template, task.input.from_
                )
        if task.output is not None:
            node.output_schema = self.schema(task.output.schema, f"{pointer}/output/schema")
            if task.output.as_ is not None:
                node.output_as = self.compile(
                    f"{pointer}/output/as", compiler.expression_or_template, task.output.as_
                )
        if task.export is not None:
            node.export_schema = self.schema(task.export.schema, f"{pointer}/export/schema")
            if task.export.as_ is not None:
                node.export_as = self.compile(
                    f"{pointer}/export/as", compiler.expression_or_template, task.export.as_
                )
        node.timeout = self.timeout(task.timeout, f"{pointer}/timeout", compiler)
        self._detail_builders[task.kind](self, node, task, compiler)
        if extended and not self._in_extension:
            node.extensions = tuple(self._extensions_of(node))
        node.outward = (
            task.kind in _OUTWARD_KINDS
            or bool(node.extensions)
            or any(child.outward for part in node.children.values() for child in part.nodes)
        )
        node.is_plain = not (node.if_ or node.input_schema or node.timeout or node.extensions)
        return node

    def timeout(self, timeout: Timeout | str | None, pointer: str, compiler: Compiler) -> DurationOf | None:
        """Resolve a timeout or the name of one in `use.timeouts`."""
        if timeout is None:
            return None
        if isinstance(timeout, str):
            named = self.workflow.use.timeouts.get(timeout)
            if named is None:
                raise PlanError(pointer, f"`use.timeouts` has no {timeout!r}")
            timeout = named
        return self.duration(timeout.after, f"{pointer}/after", compiler)

    def duration(self, duration: Duration | str, pointer: str, compiler: Compiler) -> DurationOf:
        """Compile a duration: an object, an ISO 8601 string or an expression that gives one."""
        if isinstance(duration, Duration):
            return DurationOf(duration.total_milliseconds())
        try:
            return DurationOf(parse_duration(duration))
        except ValueError as error:
            if duration.lstrip().startswith("${"):
                return DurationOf(None, self.compile(pointer, compiler.expression, duration))
            raise PlanError(pointer, str(error)) from error

    def retry(self, retry: RetryPolicy | str | None, pointer: str) -> RetryPolicy | None:
        """Resolve a retry policy or the name of one in `use.retries`."""
        if isinstance(retry, str):
            named = self.workflow.use.retries.get(retry)
            if named is None:
                raise PlanError(pointer, f"`use.retries` has no {retry!r}")
            return named
        return retry

    def authentication(self, data: Any, pointer: str) -> Any:
        """Resolve a policy written as a name or as `use: name` to the plain data of the policy."""
        name = data if isinstance(data, str) else data.get("use") if isinstance(data, dict) else None
        if name is None:
            return data
        written = (self.plan.definition.get("use") or {}).get("authentications") or {}
        if name not in written:
            raise PlanError(pointer, f"`use.authentications` has no {name!r}")
        return written[name]

    def compile(self, pointer: str, function: Callable[[Any], Any], source: Any) -> Any:
        """Compile an expression; a mistake in it becomes a `PlanError` with its place."""
        try:
            return function(source)
        except ExpressionError as error:
            raise PlanError(pointer, str(error)) from error

    # --- schemas and extensions -------------------------------------------------------------------------

    def schema(self, schema: SchemaSpec | None, pointer: str) -> Schema | None:
        if schema is None:
            return None
        if schema.document is not msgspec.UNSET:
            document = schema.document
        elif schema.resource is not None:
            endpoint = schema.resource.endpoint
            uri = endpoint if isinstance(endpoint, str) else endpoint.uri
            if uri not in self.resources:
                raise PlanError(f"{pointer}/resource", f"the schema at {uri} was not fetched")
            document = self.resources[uri]
        else:
            return None
        if schema.format.split(":")[0] != "json":
            raise PlanError(
                f"{pointer}/format", f"schema format {schema.format!r} is not supported; write `json`"
            )
        return compile_schema(document, pointer)

    def _extensions_of(self, node: Node) -> list[ExtensionPlan]:
        result = []
        for position, extension in enumerate(self.workflow.use.extensions):
            covered = extension.extend
            if covered not in ("all", node.kind) and not (
                covered == "composite" and node.kind in _COMPOSITE_KINDS
            ):
                continue
            if position not in self._extensions:
                self._extensions[position] = self._extension(position, extension, self._compiler)
            result.append(self._extensions[position])
        return result

    def _extension(self, position: int, extension: Extension, compiler: Compiler) -> ExtensionPlan:
        pointer = f"/use/extensions/{position}/{escape(extension.name)}"
        lists: list[TaskListPlan | None] = []
        self._in_extension += 1  # extensions do not extend each other, nor themselves
        try:
            for part, tasks in (("before", extension.before), ("after", extension.after)):
                lists.append(None if not tasks else self.task_list(f"{pointer}/{part}", tasks, compiler))
        finally:
            self._in_extension -= 1
        when = (
            None
            if extension.when is None
            else self.compile(f"{pointer}/when", compiler.condition, extension.when)
        )
        return ExtensionPlan(extension.name, when, lists[0], lists[1])


def escape(name: str) -> str:
    """Escape a name as a JSON Pointer segment (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def compile_schema(document: Any, pointer: str) -> Schema:
    """Compile a JSON Schema; references to other documents are refused, they would have to be fetched."""

    def refuse(uri: str) -> Any:
        raise ValueError(f"the schema refers to {uri}; write it inline or as an external resource")

    try:
        validator = jsonschema_rs.validator_for(document, retriever=refuse)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise PlanError(pointer, f"not a usable JSON Schema: {error}") from error

    def check(value: Any) -> str | None:
        if validator.is_valid(value):
            return None
        problems = []
        for error in validator.iter_errors(value):
            place = "/".join(str(part) for part in error.instance_path)
            problems.append(f"/{place}: {error.message}" if place else error.message)
            if len(problems) == 5:
                break
        return "; ".join(problems)

    return Schema(check)
