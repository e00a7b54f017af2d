#!/usr/bin/env bash
# Makes the secrets of the compose file, each once: what is there stays as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077
mkdir -p secrets
for name in database-password wrapping-key bootstrap-secret portal-secret; do
  [[ -s secrets/$name ]] || openssl rand -base64 32 | tr -d '\n' >"secrets/$name"
done
# The containers read them as another user than yours.
chmod 0755 secrets
chmod 0644 secrets/*
echo "Secrets are in $PWD/secrets; keep a copy of wrapping-key apart from the database's backups."
