"""How an OWS error travels inside the engine: as an exception, until a `try` or the workflow takes it."""

from __future__ import annotations

from headrace.errors import HeadraceError, WorkflowError


class Fault(HeadraceError):
    """A task raised `error`. The machine turns it into the fault of the task run that was being advanced."""

    def __init__(self, error: WorkflowError) -> None:
        super().__init__(error.detail or error.title or error.type)
        self.error = error


def standard_fault(kind: str, title: str, detail: str | None = None, *, status: int | None = None) -> Fault:
    """Return a fault of a standard error type, e.g. `"validation"` (dsl-reference.md, "Error")."""
    return Fault(WorkflowError.standard(kind, title=title, detail=detail, status=status))


class PlanError(HeadraceError):
    """A definition cannot be executed; says which task and why. Validation finds these before deployment."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer or '/'}: {message}")
        self.pointer = pointer
