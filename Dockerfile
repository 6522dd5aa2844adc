# Wijktwin: both processes are the same image. See docs/operations.md, "With Docker".
FROM python:3.11-slim AS build

WORKDIR /src
RUN python -m venv /opt/wijktwin
ENV PATH=/opt/wijktwin/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY deploy/unneeded.py deploy/
COPY twin twin
COPY sensors sensors
COPY scenarios scenarios
COPY web web
COPY wijktwin wijktwin
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && pip uninstall --quiet --yes $(python deploy/unneeded.py)

FROM python:3.11-slim

RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data wijktwin \
    && install --directory --owner wijktwin --group wijktwin --mode 0700 /data /broker
COPY --from=build /opt/wijktwin /opt/wijktwin
ENV PATH=/opt/wijktwin/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WIJKTWIN_DATA=/data

USER wijktwin
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=3m CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
ENTRYPOINT ["wijktwin"]
CMD ["--help"]
