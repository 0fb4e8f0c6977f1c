"""Errors of the HTTP API as problem details (RFC 9457) that name the field; JSON in plain UTF-8."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.request_id import HEADER, request_id
from bot.store import StoreError

TITLES = {
    400: "请求无法读取",
    403: "不接受这个请求",
    404: "没有找到",
    405: "不支持的方法",
    408: "传得太慢",
    413: "请求太大",
    422: "填写有误",
    429: "请求太频繁",
    500: "程序出错",
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
    detail = "；".join(f"{field}：{reason}" for field, reason in errors.items())
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors}
    if name := request_id():
        body["request"] = name
    response = Json(body, status, headers)
    response.headers["content-type"] = "application/problem+json"
    return response


_NAMES = {"idempotency-key": "Idempotency-Key"}

_REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "应当是文字",
    "bool_type": "应当是 true 或 false",
    "bool_parsing": "应当是 true 或 false",
    "string_too_long": "不能超过{max_length}个字符",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "写法不对",
    "string_unicode": "不是有效的 UTF-8 文字",
    "json_invalid": "不是 JSON（UTF-8）",
    "model_attributes_type": "请发送一个 JSON 对象",
}
"""What is wrong, by pydantic's name of the error."""


def _reason(item: Mapping[str, Any]) -> str:
    template = _REASONS.get(item["type"])
    if template is None:
        return str(item["msg"]).removeprefix("Value error, ")
    return template.format(**item.get("ctx", {}))


Show = Callable[[Request, int, dict[str, str], dict[str, str] | None], Response]
"""Makes the page for an error on a page: request, status, a reason for each field, headers."""


def install(app: FastAPI, show: Show) -> None:
    """Turn every error into a problem, or into a page where a browser asked for one."""

    def tell(
        request: Request, status: int, errors: dict[str, str], headers: dict[str, str] | None = None
    ) -> Response:
        is_page = not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
            "accept", ""
        )
        return (show(request, status, errors, headers)) if is_page else problem(status, errors, headers)

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> Response:
        return tell(request, error.status, error.errors, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        errors: dict[str, str] = {}
        for item in error.errors():
            where = [str(part) for part in item["loc"] if part not in {"body", "query", "path", "header"}]
            name = ".".join(where) if where and not where[0].isdecimal() else "body"
            errors.setdefault(_NAMES.get(name, name), _reason(item))
        return tell(request, 422, errors)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        reason = TITLES.get(error.status_code, str(error.detail))
        field = "body" if error.status_code == 400 else "request"
        return tell(request, error.status_code, {field: reason}, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def _fault(request: Request, _: Exception) -> Response:
        # It leaves outside of what stands around every request, and the log has the rest under the same id.
        reason = {"request": "程序出错，请稍后再试；反映问题时请附上请求编号"}
        return tell(request, 500, reason, {HEADER: request_id()})

    @app.exception_handler(StoreError)
    async def _store(request: Request, _: StoreError) -> Response:
        return tell(request, 503, {"database": "数据库暂时没有响应，请稍后再试"}, {"Retry-After": "5"})
