"""Errors of the HTTP API as problem details (RFC 9457) that name the field; JSON in plain UTF-8."""

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.store import StoreError

TITLES = {
    400: "请求无法读取",
    404: "没有找到",
    405: "不支持的方法",
    413: "请求太大",
    422: "填写有误",
    429: "请求太频繁",
    503: "暂时不可用",
}


class Json(JSONResponse):
    """JSON as it is read: UTF-8, unescaped; a lone surrogate becomes a question mark."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON
        """The body's bytes."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


class ProblemError(Exception):
    """Bad input: the status and a reason for each field."""

    def __init__(self, status: int, errors: dict[str, str], headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.errors, self.headers = status, errors, headers


def problem(status: int, errors: dict[str, str], headers: dict[str, str] | None = None) -> Response:
    """The response for bad input."""
    title = TITLES.get(status, "请求有误")
    body = {"type": "about:blank", "title": title, "status": status, "errors": errors}
    response = Json(body, status, headers)
    response.headers["content-type"] = "application/problem+json"
    return response


def install(app: FastAPI) -> None:
    """Turn every error of the API into a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(_: Request, error: ProblemError) -> Response:
        return problem(error.status, error.errors, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        errors: dict[str, str] = {}
        for item in error.errors():
            where = [str(part) for part in item["loc"] if part not in {"body", "query", "path", "header"}]
            errors.setdefault(".".join(where) if where and not where[0].isdecimal() else "body", item["msg"])
        return problem(422, errors)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, {"request": str(error.detail)}, dict(error.headers or {}))

    @app.exception_handler(StoreError)
    async def _store(_: Request, __: StoreError) -> Response:
        return problem(503, {"database": "数据库暂时没有响应，请稍后再试"}, {"Retry-After": "5"})
