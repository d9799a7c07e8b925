#!/bin/sh
# Install Debian's Chromium and a Chinese font for the browser tests, where that is possible; say so where it is not.
if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then
    exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing chromium and fonts-noto-cjk for the browser tests …"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig) >/dev/null 2>&1 && exit 0
fi
echo "NO BROWSER: chromium and fonts-noto-cjk can't be installed here; browser tests will be skipped" >&2
exit 0
