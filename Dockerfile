# The parts are installed in a first stage, so that neither pip's leavings nor the sources are in the image that runs.
FROM python:3.11-slim AS parts
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/watcher
WORKDIR /src
# The lock alone first: as long as it does not change, this layer is reused.
COPY requirements.lock ./
RUN /opt/watcher/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY watcher ./watcher
COPY storage ./storage
RUN /opt/watcher/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim
# A fixed number, so that the owner of files on a mounted volume is the same in every version.
RUN groupadd --gid 10001 watcher \
    && useradd --uid 10001 --gid watcher --no-create-home --home-dir /data --shell /usr/sbin/nologin watcher \
    && install -d -o watcher -g watcher /data
COPY --from=parts /opt/watcher /opt/watcher
ENV PATH=/opt/watcher/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WATCHER_DATABASE_URL=sqlite:////data/watcher.db
# Beside the settings (.env) in the working folder; mount your own over it: -v ./feeds.yaml:/app/feeds.yaml:ro
WORKDIR /app
COPY feeds.yaml ./
USER 10001:10001
VOLUME /data
# Asks the record, and no network: it fails when settings or feeds.yaml are wrong, or the record cannot be read.
HEALTHCHECK --interval=5m --timeout=20s --start-period=1m CMD ["watcher", "sources", "--format", "jsonl"]
ENTRYPOINT ["watcher"]
CMD ["run"]
