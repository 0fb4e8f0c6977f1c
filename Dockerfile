# One image, one process: the web chat, the API and, with a token, Telegram.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements-uv.lock requirements.lock pyproject.toml README.md ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-uv.lock \
 && .venv/bin/uv pip sync --no-cache --compile-bytecode --require-hashes --python .venv/bin/python requirements.lock
COPY knowledge knowledge
COPY flows flows
COPY bot bot
RUN .venv/bin/uv pip install --no-cache --no-deps --no-build-isolation --python .venv/bin/python -e . \
 && .venv/bin/python -m compileall -q bot knowledge flows

FROM python:3.12-slim
WORKDIR /app
RUN useradd --uid 10001 --home-dir /data --create-home beian
COPY --from=build /app /app
USER beian
WORKDIR /data
VOLUME /data
ENV BEIAN_DATABASE=/data/beian.sqlite3 BEIAN_HOST=0.0.0.0 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
    CMD ["/app/.venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["/app/.venv/bin/beian"]
CMD ["serve"]
