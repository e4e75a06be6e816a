"""Pays somebody back."""

from headrace.function import function


@function
def pay(request: dict) -> dict:
    return {"receipt": f"PAID-{request['employee'].upper()}-{request['amount']:g}"}
