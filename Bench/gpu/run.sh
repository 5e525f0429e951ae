#!/bin/bash
# On a machine with an NVIDIA driver, NVRTC and Python 3: run.sh [ARCHIVE]. Leaves gpu.json and gpu.md in $OUT, else in the current folder.
# Each part has its time; what fails or finds none is named in the table, and the rest goes on. Under 8 minutes in all.
# BENCH_DEVICE (cuda), BENCH_SMALL (1: tiny sizes) are for trials where there is no GPU.
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "${OUT:-.}" && cd "${OUT:-.}" && pwd)
device=${BENCH_DEVICE:-cuda}
small=${BENCH_SMALL:+--small}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
parts=$work/parts
mkdir -p "$parts"

# part NAME SECONDS COMMAND…: its output is NAME.log; whatever it returns, the script goes on
part() {
    local name=$1 limit=$2 start=$SECONDS
    shift 2
    timeout -k 5 "$limit" "$@" > "$parts/$name.log" 2>&1
    local code=$?
    case $code in
        124 | 137) echo "stopped after $limit seconds" ;;
        *) echo "status $code: $(tail -n 1 "$parts/$name.log")" ;;
    esac > "$parts/$name.why"
    echo "$name $((SECONDS - start))" >> "$parts/seconds.txt"
    echo "== $name: status $code, $((SECONDS - start)) s"; tail -n 3 "$parts/$name.log"
    return $code
}

top=$(cd "$here/../.." && pwd)
if [ $# -gt 0 ]; then
    part unpack 60 tar -C "$work" -xf "$1" || { echo "run.sh: $1 cannot be unpacked" >&2; exit 1; }
    top=$work/ilgpuxai-gpu
fi
bin=$top/bin
scripts=$top/Bench/gpu
[ -x "$bin/ilgpuxai" ] || { echo "run.sh: $bin/ilgpuxai is missing: name the archive that pack.sh made" >&2; exit 1; }

{
    nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader 2> /dev/null || echo "nvidia-smi: not here"
    sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1; echo "$(nproc) processors"; python3 --version
} > "$parts/machine.txt" 2>&1

export ILGPUXAI_CACHE=${ILGPUXAI_CACHE:-$work/kernels} DOTNET_NOLOGO=1
# NVRTC of a wheel beside a PyTorch that is in no place where the program looks
if [ -z "${ILGPUXAI_NVRTC:-}" ] && [ "$device" = cuda ] && ! "$bin/ilgpuxai" devices 2> /dev/null | grep '^cuda' | grep -qv 'no: '; then
    found=$(python3 -c 'import glob, os, sys
for p in sys.path + [os.path.dirname(os.path.dirname(__import__("torch").__file__))]:
    for f in sorted(glob.glob(os.path.join(p, "nvidia", "*", "lib", "libnvrtc.so.1[23]"))): print(f)' 2> /dev/null | head -1)
    [ -n "$found" ] && export ILGPUXAI_NVRTC=$found
fi

part devices 20 "$bin/ilgpuxai" devices

# Two passes, ours and theirs in turn: both see the card cold and warm.
for pass in 1 2; do
    part rows$pass 75 "$bin/IlgpuXai.Bench" gpu --device "$device" --seconds 55 --json "$parts/rows$pass.json" $small
    part torch$pass 50 python3 "$scripts/torch_rows.py" "$parts/rows$pass.json" "$parts/torch$pass.json" 35
done

study() {
    "$bin/ilgpuxai" run mnist-occlusion --device "$device" --images 20 --out "$work/gpu" --quiet || return 1
    "$bin/ilgpuxai" run mnist-occlusion --device cpu --images 20 --out "$work/cpu" --quiet || return 1
    python3 "$scripts/compare_study.py" "$work/gpu" "$work/cpu" "$parts/study.json"
}
export -f study; export bin device work parts scripts
part study 60 bash -c study

# Last: a kernel that hangs the card may not cost the other parts. Fixtures of this device, and the language tests, which also run translated kernels.
part tests 130 "$bin/IlgpuXai.Tests" "\($device\)|\.Simt(Language|Atomic|Exchange|Index|Memory)Tests" 110 "$parts/tests.json"

python3 "$scripts/table.py" "$parts" "$out" && echo "$out/gpu.json" && echo "$out/gpu.md"
