#!/bin/sh
# Runs Mosquitto with the users and rules that the city process keeps, and has it read them again
# when they change.
#
#   sh mosquitto.sh FOLDER mosquitto.conf
set -eu
folder=$1
config=$2
PATH=$PATH:/usr/sbin

users() {
    cksum "$folder/passwd" "$folder/acl"
}

until [ -s "$folder/passwd" ] && [ -s "$folder/acl" ]; do
    sleep 1
done
read_last=$(users)
mosquitto -c "$config" &
broker=$!
trap 'kill -TERM "$broker"' INT TERM

while kill -0 "$broker" 2>/dev/null; do
    sleep 1 &
    wait $! || true
    if [ "$(users)" != "$read_last" ]; then
        read_last=$(users)
        kill -HUP "$broker" 2>/dev/null || true
    fi
done
wait "$broker"
