"""Triggers on HTTP requests: which path is whose, from a request to an input, from an output to an answer.

There is no server here: the API matches a request to a route, sees to access, and asks the route for the
rest.
"""

from headrace.source.http.answer import HttpAnswer
from headrace.source.http.problem import HttpProblem
from headrace.source.http.route import HttpRoute, HttpTarget
from headrace.source.http.routes import HttpRoutes
from headrace.source.http.signature import signature_complaint

__all__ = ["HttpAnswer", "HttpProblem", "HttpRoute", "HttpRoutes", "HttpTarget", "signature_complaint"]
