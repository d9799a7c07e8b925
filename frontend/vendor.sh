#!/bin/sh
# Copies the pinned front-end files into the package. Needs Node once, here; installing Yingxu needs none.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
to=../src/yingxu/web/static/vendor
mkdir -p "$to"
# the source map stays at home, so its comment must go too
sed 's|/\*# sourceMappingURL=.*\*/||' node_modules/@tabler/core/dist/css/tabler.min.css >"$to/tabler.min.css"
cp node_modules/htmx.org/dist/htmx.min.js "$to/htmx.min.js"
node sprite.mjs "$to/icons.svg"
{
  echo "Front-end files of other projects, unchanged but for the removed source-map comment:"
  for name in @tabler/core @tabler/icons htmx.org; do
    node -e 'const p=require(process.argv[1]+"/package.json");console.log(`- ${p.name} ${p.version} (${p.license})`)' "./node_modules/$name"
  done
  echo
  echo "Tabler and Tabler Icons: MIT License, Copyright (c) 2018-2025 The Tabler Authors; Copyright (c) 2020-2025 Pawel Kuna."
  echo "htmx: Zero-Clause BSD."
  echo
  cat MIT.txt
} >"$to/NOTICE.txt"
