# An image with Ringkas and its model, from this checkout:
#
#   docker build --tag ringkas .
#   docker run --rm --network none --volume "$PWD:/pages:ro" ringkas summarize page.html
#
# PyTorch comes from the index of its CPU builds, which leaves gigabytes of CUDA libraries out; for the default build:
#   docker build --build-arg EXTRA_INDEX= --tag ringkas .
FROM python:3.12-slim AS build
ARG EXTRA_INDEX=https://download.pytorch.org/whl/cpu
ARG EXTRAS=web
WORKDIR /source
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY prompts prompts
COPY summarizer summarizer
RUN python -m venv /opt/ringkas \
    && /opt/ringkas/bin/pip install --no-cache-dir --upgrade pip \
    && PIP_EXTRA_INDEX_URL="$EXTRA_INDEX" /opt/ringkas/bin/pip install --no-cache-dir ".[$EXTRAS]"
# Made once, here, so that containers neither wait for it nor need a network.
RUN RINGKAS_CACHE=/opt/model /opt/ringkas/bin/ringkas models fetch

FROM python:3.12-slim
COPY --from=build /opt/ringkas /opt/ringkas
COPY --from=build /opt/model /opt/model
COPY LICENSE NOTICE /usr/share/doc/ringkas/
RUN useradd --create-home reader
ENV PATH=/opt/ringkas/bin:$PATH RINGKAS_CACHE=/opt/model
USER reader
WORKDIR /pages
ENTRYPOINT ["ringkas"]
CMD ["--help"]
