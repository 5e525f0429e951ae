#!/usr/bin/env bash
# Compiles the CUDA C++ of every kernel with clang, no toolkit needed, and looks into the PTX: no double precision, and no memory of a thread's own, as
# local arrays that are not in registers would need. Usage: check.sh [PROGRAM]; PROGRAM is ilgpuxai, as a build leaves it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../../Cli/bin/Release/net10.0/ilgpuxai}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0 count=0
for name in $("$program" kernels list --json | sed -nE 's/.*"name": "([^"]+)".*/\1/p'); do
  count=$((count + 1))
  "$program" kernels show "$name" --as cuda >"$out/k.cu"
  if ! clang -x cuda --cuda-device-only --cuda-gpu-arch=sm_80 -nocudainc -nocudalib -O3 -std=c++17 -ffp-contract=fast -fdeclspec -Xclang -target-feature -Xclang +ptx70 \
    -Wall -Wno-unused-function -Wno-unknown-pragmas -Wno-unused-variable -include "$here/words.h" -S "$out/k.cu" -o "$out/k.ptx" 2>"$out/log"; then
    echo "$name: does not compile: $(grep -m1 error "$out/log")"
    failed=$((failed + 1))
    continue
  fi
  warnings=$(grep -c 'warning:' "$out/log" || true)
  doubles=$(grep -cE '\.f64' "$out/k.ptx" || true)
  memory=$(grep -cE '\.local' "$out/k.ptx" || true)
  if [ "$warnings$doubles$memory" != 000 ]; then
    echo "$name: $warnings warnings, $doubles double instructions, $memory uses of local memory"
    failed=$((failed + 1))
  fi
done
echo "$count kernels, $failed with something to tell"
[ "$failed" = 0 ]
