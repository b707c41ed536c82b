"""The door between the browser and Python: every question is a call, declared once and typed at both ends."""

from explorer.calls.declaration import Call, Context, call, endpoint
from explorer.calls.requests import ModelRequest, Pair, Request, Run, RunRequest, Whole

__all__ = ["Call", "Context", "ModelRequest", "Pair", "Request", "Run", "RunRequest", "Whole", "call", "endpoint"]
