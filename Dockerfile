# fake-ccmm as an image: docs/docker.md says how to use it, .ci/image builds and tries it without Docker.
#
#   docker build -t fake-ccmm .                                   the server
#   docker build -t ccmm-contracts --target contracts .           the contract kit
#
# docker/lock renews the versions of the packages; the tag and the digest of the base image go together.
# Behind a package index of one's own: --secret id=pip.conf,src=FILE, and its CA as --secret id=pip.pem,src=FILE, which
# pip.conf then names: cert = /run/secrets/pip.pem. Neither is kept.
ARG PYTHON_IMAGE=docker.io/library/python:3.13.14-slim-trixie@sha256:6771159cd4fa5d9bba1258caf0b82e6b73458c694d178ad97c5e925c2d0e1a91

FROM ${PYTHON_IMAGE} AS tools
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY docker/build.txt docker/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=pip.pem \
    python -m venv /tools && /tools/bin/pip install --require-hashes -r docker/build.txt

FROM tools AS wheel
COPY pyproject.toml README.md LICENSE ./
COPY wsdl wsdl
COPY fake_ccmm fake_ccmm
COPY contracts/ccmm_contracts contracts/ccmm_contracts
RUN /tools/bin/pip wheel --no-build-isolation --no-deps --no-index --wheel-dir /wheel .

# Hashes hold for what is downloaded; spyne, which is source alone, is built of that here. What is installed then are
# these files. Bytecode that is never checked against its source starts quickly, and is the same whenever it is made.
FROM tools AS server-packages
COPY docker/server.txt docker/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=pip.pem \
    /tools/bin/pip wheel --no-build-isolation --no-deps --require-hashes --wheel-dir /wheels -r docker/server.txt
COPY --from=wheel /wheel /wheels
RUN python -m venv --without-pip /opt/fake-ccmm \
    && /tools/bin/pip --python /opt/fake-ccmm/bin/python install --no-index --no-deps --no-compile /wheels/*.whl \
    && python -W ignore -m compileall -q --invalidation-mode unchecked-hash /opt/fake-ccmm/lib

FROM tools AS contracts-packages
COPY docker/contracts.txt docker/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=pip.pem \
    /tools/bin/pip wheel --no-build-isolation --no-deps --require-hashes --wheel-dir /wheels -r docker/contracts.txt
COPY --from=wheel /wheel /wheels
RUN python -m venv --without-pip /opt/fake-ccmm \
    && /tools/bin/pip --python /opt/fake-ccmm/bin/python install --no-index --no-deps --no-compile /wheels/*.whl \
    && python -W ignore -m compileall -q --invalidation-mode unchecked-hash /opt/fake-ccmm/lib

FROM ${PYTHON_IMAGE} AS base
ARG PYTHON_IMAGE
LABEL org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}"
ENV PATH=/opt/fake-ccmm/bin:${PATH} PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# The contract kit. It saves its reports and findings in /reports, which whoever it runs as can write to.
FROM base AS contracts
LABEL org.opencontainers.image.title="ccmm-contracts" \
      org.opencontainers.image.description="Executable contracts for Avaya CCMM's Outbound Web Services"
COPY --from=contracts-packages /opt/fake-ccmm /opt/fake-ccmm
RUN install -d -m 1777 /reports
USER 65532:65532
WORKDIR /reports
VOLUME /reports
ENTRYPOINT ["ccmm-contracts"]
CMD ["--help"]

# The server, which is what is built unless --target says otherwise. It needs no path that it can write to.
FROM base AS server
LABEL org.opencontainers.image.title="fake-ccmm" \
      org.opencontainers.image.description="A mock of Avaya CCMM's Outbound Web Services"
COPY --from=server-packages /opt/fake-ccmm /opt/fake-ccmm
COPY docker/health.py /opt/fake-ccmm/health.py
WORKDIR /seeds
VOLUME /seeds
USER 65532:65532
EXPOSE 8000
HEALTHCHECK --interval=3s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-IS", "/opt/fake-ccmm/health.py"]
ENTRYPOINT ["fake-ccmm", "serve", "--host", "0.0.0.0", "--port", "8000"]
