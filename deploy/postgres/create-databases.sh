#!/bin/bash
# One database and one role per service (ADR 0006); run once by the image, on an empty data volume.
set -euo pipefail

for service in recognition scenarios gateway; do
  password_name="HUXIN_${service^^}_PASSWORD"
  psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 \
    --set service="$service" --set password="${!password_name:?}" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
done
