#!/bin/sh
# Makes the clients of the other services at the platform and keeps their secrets in $CLIENTS, each once.
set -eu

until curl -fsS "$PLATFORM/actuator/health/readiness" >/dev/null 2>&1; do sleep 1; done

token=$(curl -fsS -u "${SETUP_CLIENT:-setup}:$(cat "$BOOTSTRAP_SECRET_FILE")" -d grant_type=client_credentials "$PLATFORM/oauth2/token" \
  | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')

# client KEY FILE BODY: the secret is in the first answer and never again.
client() {
  [ -s "$2" ] && return
  mkdir -p "$(dirname "$2")"
  answer=$(curl -fsS -X PUT "$PLATFORM/api/v1/clients/$1" -H "Authorization: Bearer $token" -H 'If-None-Match: *' \
    -H 'Content-Type: application/json' -d "$3")
  printf '%s' "$answer" | sed -n 's/.*"clientSecret" *: *"\([^"]*\)".*/\1/p' | tr -d '\n' >"$2.new"
  [ -s "$2.new" ]
  mv "$2.new" "$2"
  echo "made the client $1"
}

client data-provider "$CLIENTS/data-provider/syncline.client.client-secret" \
  '{"system": "data-provider", "scopes": ["triggers:write"]}'
client data-consumer "$CLIENTS/data-consumer/syncline.client.client-secret" \
  '{"system": "data-consumer", "scopes": ["callbacks:write", "data:read"]}'
client prometheus "$CLIENTS/prometheus/client-secret" '{"scopes": ["runs:read"]}'
client portal-data "$CLIENTS/portal-data/syncline.portal.data.client-secret" '{"scopes": ["runs:read"]}'
