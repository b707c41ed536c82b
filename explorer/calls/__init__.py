"""The door between the browser and Python: every question is a call, declared once and typed at both ends."""

from explorer.calls.declaration import Call, Context, Engine, call, endpoint
from explorer.calls.requests import ChangedRequest, ModelRequest, Pair, PairRequest, Request, Run, RunRequest, Whole

__all__ = [
    "Call",
    "ChangedRequest",
    "Context",
    "Engine",
    "ModelRequest",
    "Pair",
    "PairRequest",
    "Request",
    "Run",
    "RunRequest",
    "Whole",
    "call",
    "endpoint",
]
