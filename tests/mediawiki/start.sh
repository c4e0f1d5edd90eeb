#!/bin/bash
# A real MediaWiki on loopback, empty, with SQLite, from Debian's packages (.ci/run installs them).
#
#   start.sh DIR PORT       sets it up in DIR, which is wiped, and starts it for 15 minutes at most, should nobody stop it;
#                           its api.php is at 127.0.0.1:PORT
#   start.sh --stop DIR     stops the server that it started
#   start.sh --dump DIR     writes DIR/pages-logging.xml.gz
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
code=/usr/share/mediawiki

end_server() {  # only the process group that this script itself started and wrote down
    [ -f "$dir/server.pid" ] || return 0
    local pid
    pid=$(cat "$dir/server.pid")
    if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -- "-S 127.0.0.1:"; then
        kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null || true
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep .1; done
    fi
    rm -f "$dir/server.pid"
}

if [ "$1" = --stop ]; then dir=$2; end_server; exit 0; fi
export MW_INSTALL_PATH=$code
if [ "$1" = --dump ]; then
    export MW_CONFIG_FILE="$2/LocalSettings.php"
    cd "$2" && php $code/maintenance/dumpBackup.php --logs --output=gzip:pages-logging.xml.gz 2>/dev/null
    exit 0
fi

dir=$1 port=$2
if [ -d "$dir" ] && [ -n "$(ls -A "$dir")" ] && [ ! -e "$dir/.upstander-wiki" ]; then
    echo "$dir is not empty and is not one of ours: not wiping it" >&2
    exit 1
fi
end_server
rm -rf "$dir"
mkdir -p "$dir/data"
touch "$dir/.upstander-wiki"
unset MW_CONFIG_FILE UPSTANDER_TEST_CLOCK
with=
[ ! -e $code/extensions/Renameuser/extension.json ] || with="--extensions Renameuser"  # part of MediaWiki itself from 1.40
(cd $code && php maintenance/install.php --dbtype sqlite --dbname upstanderwiki --dbpath "$dir/data" \
    --confpath "$dir" --scriptpath "" --server "http://127.0.0.1:$port" --lang en --pass sysop-Pass-12345 \
    $with "Upstander Test Wiki" Admin) >"$dir/install.log" 2>&1 || { cat "$dir/install.log" >&2; exit 1; }
cat "$here/settings-extra.php" >>"$dir/LocalSettings.php"
export MW_CONFIG_FILE="$dir/LocalSettings.php"
PHP_CLI_SERVER_WORKERS=2 setsid timeout 900 php -d opcache.enable_cli=1 -d memory_limit=256M \
    -S "127.0.0.1:$port" -t $code >"$dir/server.log" 2>&1 </dev/null &
echo $! >"$dir/server.pid"
